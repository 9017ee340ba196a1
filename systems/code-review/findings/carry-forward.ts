import type { ChangedFile } from '../change/changed-file.ts';
import type { Plan } from '../change/plan.ts';
import { keysOf, textOf } from './key.ts';
import { placesOf, type Place } from './locate.ts';
import type { ReviewedFinding } from './merge.ts';
import { digestOf, type EarlierFinding, type ReviewRecord } from './review-record.ts';

/** A finding of an earlier review that was not reported again. */
export interface FixedFinding extends Pick<ReviewedFinding, 'file' | 'line' | 'severity' | 'message'> {
  readonly key: string;
  /** Whether the quoted lines are still in the diff: then something else was changed, or the finding was a mistake. */
  readonly stands: boolean;
}

/**
 * Tells the files that need not be read again, since an earlier review by the same rules has read them in full and they
 * have the same lines. Their findings are carried forward.
 */
export function readBefore(earlier: ReviewRecord | null, rules: string): (file: ChangedFile) => boolean {
  if (earlier === null || earlier.rules !== rules) return () => false;
  const digests = new Map(earlier.files.map(({ path, digest }) => [path, digest]));
  return (file) =>
    digests.get(file.path) === digestOf(file) &&
    earlier.findings.every((finding) => finding.file !== file.path || relocated(finding, [file]) !== null);
}

/** What became of the findings of an earlier review. */
export class EarlierFindings {
  /** Each at the path that its file has now. */
  readonly #now: readonly EarlierFinding[];
  readonly #files: readonly ChangedFile[];
  readonly #readAgain: ReadonlySet<string>;
  readonly #present: ReadonlySet<string>;

  /** @param unread the files of the plan that were not read in full this time */
  constructor(earlier: ReviewRecord | null, { files, carried, leftOut }: Plan, unread: ReadonlySet<string>) {
    this.#files = [...files, ...carried];
    this.#readAgain = new Set(files.map(({ path }) => path).filter((path) => !unread.has(path)));
    this.#present = new Set([...this.#files, ...leftOut].map(({ path }) => path));
    const moves = earlier === null ? new Map<string, string>() : this.#movesSince(earlier);
    this.#now = (earlier?.findings ?? []).map((each) => ({ ...each, file: moves.get(each.file) ?? each.file }));
  }

  /** Files that have another name now, by the earlier one: as git tells it, or with the same lines. */
  #movesSince({ files, findings }: ReviewRecord): Map<string, string> {
    const digests = new Map(files.map(({ path, digest }) => [path, digest]));
    const known = new Set(digests.keys());
    const gone = new Set(findings.map(({ file }) => file).filter((path) => !this.#present.has(path)));
    const added = this.#files.filter(({ path }) => !known.has(path));
    return new Map(
      [...gone].flatMap((path): [string, string][] => {
        const digest = digests.get(path);
        const moved = added.find((file) => file.oldPath === path) ?? added.find((file) => digestOf(file) === digest);
        return moved === undefined ? [] : [[path, moved.path]];
      }),
    );
  }

  /**
   * Those that still count though nobody has reported them again: in files that were not read this time, since nothing
   * has changed in them or since they could not be.
   */
  stillOpen(): ReviewedFinding[] {
    return this.#now
      .filter(({ file }) => this.#present.has(file) && !this.#readAgain.has(file))
      .map((finding) => ({ ...asReviewed(finding), ...relocated(finding, this.#files) }));
  }

  /** Gives the findings that an earlier review has reported their keys, and names the earlier ones that did not come back. */
  compare(findings: readonly ReviewedFinding[]): { findings: ReviewedFinding[]; fixed: FixedFinding[] } {
    const missing = new Map(this.#now.map((finding) => [finding.key, finding]));
    for (const { key } of findings) if (key !== undefined) missing.delete(key);
    const continued = (finding: ReviewedFinding, earlier: EarlierFinding | undefined): ReviewedFinding =>
      finding.key === undefined && earlier !== undefined && missing.delete(earlier.key)
        ? { ...finding, key: earlier.key }
        : finding;
    const keys = keysOf(findings);
    const sameKey = new Map(keysOf(this.#now.map(asNew)).map((key, at) => [key, this.#now[at]]));
    const same = findings.map((finding, at) => continued(finding, sameKey.get(keys[at] ?? '')));
    const alike = same.map((finding) =>
      continued(
        finding,
        [...missing.values()].find((each) => isAlike(finding, each)),
      ),
    );
    const fixed = [...missing.values()].filter((each) => this.#isRead(each)).map((each) => this.#fixed(each));
    return { findings: alike, fixed };
  }

  /** A file that is gone from the diff has nothing left to find. */
  #isRead({ file }: EarlierFinding): boolean {
    return this.#readAgain.has(file) || !this.#present.has(file);
  }

  #fixed(finding: EarlierFinding): FixedFinding {
    const { key, file, line, severity, message } = finding;
    return { key, file, line, severity, message, stands: placesOf(finding, this.#files).length > 0 };
  }
}

/** A model may name another rule the second time. */
const isAlike = (finding: ReviewedFinding, earlier: EarlierFinding): boolean =>
  finding.file === earlier.file && finding.agent === earlier.agent && textOf(finding) === textOf(earlier);

function relocated(finding: EarlierFinding, files: readonly ChangedFile[]): Place | null {
  const places = placesOf(finding, files);
  return places[finding.place] ?? places[0] ?? null;
}

function asNew(finding: EarlierFinding): Omit<EarlierFinding, 'key'> {
  const { key: _, ...rest } = finding;
  return rest;
}

function asReviewed({
  key,
  agent,
  also,
  rule,
  severity,
  confidence,
  message,
  suggestion,
  ...place
}: EarlierFinding): ReviewedFinding {
  const { file, side, startLine, line, quote } = place;
  return {
    key,
    agent,
    rule,
    severity,
    confidence,
    message,
    file,
    side,
    startLine,
    line,
    quote,
    ...(also !== undefined && { also }),
    ...(suggestion !== undefined && { suggestion }),
  };
}
