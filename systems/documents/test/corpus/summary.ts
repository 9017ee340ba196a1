import type { Checked } from './check-file.ts';

const SHARES = [0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 1];

/** A table for people: files by status and reason, coverage at several shares of them, and what needs a look. */
export function summary(files: readonly Checked[], seconds: number): string {
  const counts = Map.groupBy(files, ({ status, reason }) => (status === 'rejected' ? `rejected: ${reason}` : status));
  const covered = files.flatMap(({ coverage }) => coverage ?? []).toSorted((a, b) => a - b);
  const at = (share: number): string => covered[Math.floor(share * (covered.length - 1))]?.toFixed(3) ?? '–';
  return [
    `${files.length} files in ${seconds.toFixed(0)} s`,
    ...[...counts]
      .toSorted(([, a], [, b]) => b.length - a.length)
      .map(([what, { length }]) => `${length}`.padStart(6) + `  ${what}`),
    `Coverage of ${covered.length} files, from the lowest to the highest:`,
    ...SHARES.map((share) => `${(share * 100).toFixed(0)} %`.padStart(6) + `  ${at(share)}`),
    ...files
      .filter(({ status }) => status === 'crashed' || status === 'incomplete')
      .map(({ file, status, reason, coverage }) => `${status}: ${file} ${reason ?? coverage}`),
  ].join('\n');
}
