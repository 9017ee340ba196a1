import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { terminalOutput } from '#cli/terminal/output.ts';
import { oneLine } from '#cli/terminal/printable.ts';
import { UserError } from '#cli/user-error.ts';
import { diffBriefs } from '../brief/diff.ts';
import { briefSchema, type Brief } from '../brief/schema.ts';
import { changeWords, KIND_WORDS } from '../brief/words.ts';

/** `fleet research diff`. */
export async function diffCommand(before: string, after: string, json: boolean): Promise<void> {
  const output = terminalOutput(json);
  const diff = diffBriefs(await readBrief(before), await readBrief(after));
  output.line(`From ${diff.from} to ${diff.to}`);
  for (const { name, score, change } of diff.scores)
    output.line(`  ${score.toFixed(1).padStart(5)}  ${changeWords(change).padStart(6)}  ${oneLine(name)}`);
  if (diff.scores.length === 0) output.line('  No score changed.');
  for (const { name, kind, quote } of diff.claims)
    output.line(`  + ${oneLine(name)}, ${KIND_WORDS[kind]}: ${oneLine(quote)}`);
  for (const { name, before: was, after: is } of diff.states) output.line(`  ${oneLine(name)}: ${was}, now ${is}`);
  if (json) output.json(diff);
}

async function readBrief(place: string): Promise<Brief> {
  const isFolder = await stat(place).then(
    (found) => found.isDirectory(),
    () => false,
  );
  const file = isFolder ? join(place, 'brief.json') : place;
  const text = await readFile(file, 'utf8').catch(() => {
    throw new UserError(`${file} cannot be read.`, 'Pass the folder of a brief, such as --out named it.');
  });
  try {
    return briefSchema.parse(JSON.parse(text));
  } catch {
    throw new UserError(`${file} is not a brief.`, 'Pass a brief.json of this release.');
  }
}
