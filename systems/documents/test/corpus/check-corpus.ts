import { existsSync, globSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { checkFile, hasPdfToText, type Checked } from './check-file.ts';
import { summary } from './summary.ts';

const USAGE = `npm run check:corpus -- FOLDER [--json]

Reads every PDF below FOLDER as the contract analyst does, and compares the letters with those that pdftotext finds.
Nothing is downloaded. With --json it prints {"files": [{"file", "status", "reason", "coverage"}]}.
It fails if a file crashes the reader, or is accepted with less than half its text.`;

const say = (text: string): unknown => process.stderr.write(`${text}\n`);

const { values, positionals } = parseArgs({
  options: { json: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const [folder] = positionals;
if (values.help || folder === undefined || !existsSync(folder)) {
  say(folder === undefined || values.help ? USAGE : `There is no folder ${folder}.`);
  process.exit(values.help ? 0 : 1);
}
if (!hasPdfToText()) {
  say('pdftotext is not installed, so there is no coverage. Install it: apt-get install poppler-utils');
}

const names = globSync('**/*.[pP][dD][fF]', { cwd: folder }).toSorted();
const started = performance.now();
const files: Checked[] = [];
for (const [index, name] of names.entries()) {
  files.push(await checkFile(folder, name));
  if (process.stderr.isTTY || index % 50 === 49) say(`${index + 1} of ${names.length}`);
}
const seconds = (performance.now() - started) / 1_000;
process.stdout.write(`${values.json ? JSON.stringify({ files }, null, 2) : summary(files, seconds)}\n`);
process.exitCode = files.some(({ status }) => status === 'crashed' || status === 'incomplete') ? 1 : 0;
