import { readFileSync } from 'node:fs';
import { lacks } from './figures.ts';
import { scenarios } from './scenarios/index.ts';

/** Checks the file that `npm run gameday -- --json` has written. Exit code 1 if it lacks something. */
const [file = ''] = process.argv.slice(2);
const found = lacks(
  JSON.parse(readFileSync(file, 'utf8')),
  scenarios.map(({ name }) => name),
);
for (const each of found) console.error(each);
if (found.length === 0)
  console.log(
    'Every alarm rang within two minutes and cleared, every command worked, and it took at most half an hour.',
  );
process.exitCode = found.length === 0 ? 0 : 1;
