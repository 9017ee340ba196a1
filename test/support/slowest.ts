import { writeFileSync } from 'node:fs';
import { readReports, type FileReport } from './report.ts';
import { SECONDS_FILE } from './slowest-first.ts';

/**
 * `npm run test:slowest` prints where the time of the last runs went. With `--write` it also keeps the seconds of the
 * slow files, by which the next runs are ordered.
 */
const files = [...readReports().values()].flatMap((report) => report.files);
const slowestOf = <Item extends { readonly ms: number }>(items: readonly Item[]): readonly Item[] =>
  items.toSorted((a, b) => b.ms - a.ms);
const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1).padStart(7)} s`;

const total = files.reduce((sum, { ms }) => sum + ms, 0);
console.log(`${files.length} files, ${seconds(total).trim()} in all. The slowest files:`);
for (const { file, ms } of slowestOf(files).slice(0, 25)) console.log(`${seconds(ms)}  ${file}`);
console.log('The slowest tests:');
const tests = files.flatMap(({ file, tests }) => tests.map((test) => ({ ...test, file })));
for (const { name, file, ms } of slowestOf(tests).slice(0, 25)) console.log(`${seconds(ms)}  ${name} (${file})`);

/** Shorter files end whenever they begin. */
const WORTH_ORDERING_MS = 2_000;
const kept = ({ file, ms }: FileReport): [string, number] => [file, Math.round(ms / 1_000)];
if (process.argv.includes('--write')) {
  const slow = slowestOf(files).filter(({ ms }) => ms >= WORTH_ORDERING_MS);
  writeFileSync(SECONDS_FILE, `${JSON.stringify(Object.fromEntries(slow.map(kept)), null, 2)}\n`);
}
