import type { DiffedFile } from './changed-file.ts';
import type { Hunk } from './hunk.ts';
import { kindOf } from './kinds.ts';
import { keyMasker, maskText, type FoundSecret } from './secrets.ts';
import { isSample } from './unquoted-secrets.ts';

/** A secret in an added line. */
export interface PlantedSecret {
  readonly path: string;
  /** The line's number at head. */
  readonly line: number;
  readonly kind: string;
  /** A part of the line without the secret. */
  readonly quote: string;
}

export interface MaskedFiles {
  readonly files: DiffedFile[];
  readonly secrets: PlantedSecret[];
}

/** Masks the secrets of all lines before a model sees them, and collects those that the change adds. */
export function maskFiles(files: readonly DiffedFile[]): MaskedFiles {
  const secrets: PlantedSecret[] = [];
  return { files: files.map((file) => maskFile(file, secrets)), secrets };
}

function maskFile(file: DiffedFile, secrets: PlantedSecret[]): DiffedFile {
  const isMadeUp = kindOf(file.path) === 'test' || isSample(file.path);
  const report: Report = (line, quote, found) => {
    // A literal in a test or a sample is most often made up for it.
    if (!isMadeUp || found.isCertain) secrets.push({ path: file.path, line, kind: found.kind, quote });
  };
  return { ...file, hunks: file.hunks.map((hunk) => maskHunk(hunk, file.path, report)) };
}

type Report = (line: number, quote: string, found: FoundSecret) => void;

function maskHunk(hunk: Hunk, path: string, report: Report): Hunk {
  // Removed and added lines of a key stand in blocks of their own.
  const maskers = { '+': keyMasker(), '-': keyMasker(), ' ': keyMasker() };
  let newLine = hunk.newStart;
  const lines = hunk.lines.map((line) => {
    const sign = line.startsWith('+') ? '+' : line.startsWith('-') ? '-' : ' ';
    const { text, found } = maskers[sign](line.slice(1), path);
    const [first] = found;
    if (sign === '+' && first !== undefined) report(newLine, unmasked(text), first);
    if (sign !== '-') newLine += 1;
    return sign + text;
  });
  return { ...hunk, context: hunk.context === null ? null : maskText(hunk.context, path), lines };
}

/** The longest part of a masked line that is also in the line itself. */
export function unmasked(text: string): string {
  const parts = text.split(/‹masked:[a-z-]+›/).map((part) => part.trim());
  return parts.reduce((longest, part) => (part.length > longest.length ? part : longest), '');
}
