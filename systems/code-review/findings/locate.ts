import { z } from 'zod';
import type { ChangedFile } from '../change/changed-file.ts';
import { linesOf, numberOn, sideSchema, type Line, type Side } from '../change/hunk.ts';

/** Where a quote stands in a diff. All its lines are in one hunk and on one side, as GitHub demands it. */
export const placeSchema = z.object({
  file: z.string(),
  side: sideSchema,
  /** First line of a range; equal to `line` for a single one. */
  startLine: z.number().int().positive(),
  line: z.number().int().positive(),
  /** The lines as the diff has them. */
  quote: z.string(),
});
export type Place = Readonly<z.infer<typeof placeSchema>>;

export interface Quoted {
  readonly path: string;
  readonly quote: string;
  readonly side: 'new' | 'old';
}

type Comparison = (line: string, quoted: string) => boolean;

const squeeze = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

/** From strict to lenient. A part of a line must be long enough not to match by chance. */
const COMPARISONS: readonly Comparison[] = [
  (line, quoted) => line === quoted,
  (line, quoted) => squeeze(line) === squeeze(quoted),
  (line, quoted) => squeeze(quoted).length >= 8 && squeeze(line).includes(squeeze(quoted)),
];

/**
 * Finds a quoted line, or several successive ones, in a diff. Models miscount lines, so the quote decides. The named
 * file and side come first; a quote that stands elsewhere only once is found there too. Null when it is in no hunk.
 */
export function locate(files: readonly ChangedFile[], { path, quote, side }: Quoted): Place | null {
  const quoted = trimmed(quote.split(/\r?\n/));
  if (quoted.length === 0) return null;
  const sides: readonly Side[] = side === 'old' ? ['LEFT', 'RIGHT'] : ['RIGHT', 'LEFT'];
  const named = files.filter((file) => file.path === path || file.oldPath === path);
  for (const matches of COMPARISONS) {
    for (const each of sides) {
      const [best] = placesIn(named, quoted, each, matches);
      if (best !== undefined) return best;
    }
  }
  const others = files.filter((file) => !named.includes(file));
  const [only, ...more] = sides.flatMap((each) => placesIn(others, quoted, each, COMPARISONS[1] ?? COMPARISONS[0]));
  return more.length === 0 ? (only ?? null) : null;
}

/** All places of a finding's lines in its file and on its side: equal ones, else those that have its quote as a part. */
export function placesOf(
  { file, side, quote }: Pick<Place, 'file' | 'side' | 'quote'>,
  files: readonly ChangedFile[],
): Place[] {
  const [quoted, named] = [quote.split('\n'), files.filter(({ path }) => path === file)];
  for (const matches of COMPARISONS) {
    const places = placesIn(named, quoted, side, matches);
    if (places.length > 0) return places;
  }
  return [];
}

/** A model may copy the empty lines around a quote. */
function trimmed(lines: readonly string[]): string[] {
  const first = lines.findIndex((line) => line.trim() !== '');
  const last = lines.findLastIndex((line) => line.trim() !== '');
  return first < 0 ? [] : lines.slice(first, last + 1);
}

/** All places of the quote on a side: those in changed lines first. */
function placesIn(
  files: readonly ChangedFile[],
  quoted: readonly string[],
  side: Side,
  matches: Comparison = (line, text) => line === text,
): Place[] {
  const found = files.flatMap(({ path, hunks }) =>
    hunks.flatMap((hunk) => {
      const lines = linesOf(hunk).filter((line) => numberOn(line, side) !== null);
      return startsOf(lines, quoted, matches).map((at) => placeOf(path, side, lines.slice(at, at + quoted.length)));
    }),
  );
  return found.toSorted((a, b) => Number(b.changed) - Number(a.changed)).map(({ place }) => place);
}

const startsOf = (lines: readonly Line[], quoted: readonly string[], matches: Comparison): number[] =>
  lines.flatMap((_, at) =>
    quoted.every((text, next) => matches(lines[at + next]?.text ?? '\u0000', text)) ? [at] : [],
  );

function placeOf(file: string, side: Side, lines: readonly Line[]) {
  const numbers = lines.map((line) => numberOn(line, side) ?? 0);
  const quote = lines.map(({ text }) => text).join('\n');
  const place: Place = { file, side, startLine: numbers[0] ?? 0, line: numbers.at(-1) ?? 0, quote };
  return { place, changed: lines.some(({ kind }) => kind !== 'context') };
}
