import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { terminalOutput } from '#cli/terminal/output.ts';
import { UserError, wrongUsage } from '#cli/user-error.ts';
import { diffBriefs } from '../brief/diff.ts';
import { briefSchema, type Brief } from '../brief/schema.ts';
import { REPORTS, type DiffOptions } from './options.ts';
import { printDiff } from './print-diff.ts';

/** What `fleet research diff` compares: two briefs, or a night of a folder with the one before it. */
interface Compared extends DiffOptions {
  readonly before?: string | undefined;
  readonly after?: string | undefined;
}

/** `fleet research diff`. */
export async function diffCommand({ json, ...compared }: Compared): Promise<void> {
  const output = terminalOutput(json);
  const [before, after] = await Promise.all((await placesOf(compared)).map(readBrief));
  if (before === undefined || after === undefined) return;
  if (before.night > after.night)
    throw wrongUsage(
      `The first brief is of a later night (${before.night}) than the second (${after.night}).`,
      'Pass the earlier brief first.',
    );
  if (before.simulatedWeb !== after.simulatedWeb)
    throw wrongUsage(
      'One of the briefs is about the simulated web, whose news is invented.',
      'Compare two nights of one web.',
    );
  const diff = diffBriefs(before, after);
  printDiff(output, diff);
  if (json) output.json(diff);
}

async function placesOf({ before, after, night, out = REPORTS }: Omit<Compared, 'json'>): Promise<readonly string[]> {
  if (before !== undefined && after !== undefined && night === undefined) return [before, after];
  if (before !== undefined)
    throw wrongUsage('Two briefs are compared, or the nights of a folder.', 'Pass both briefs, or --night and --out.');
  const nights = (await readdir(out).catch(() => [])).filter((name) => NIGHT.test(name)).toSorted();
  const later = night ?? nights.at(-1);
  const earlier = nights.findLast((each) => later !== undefined && each < later);
  if (later === undefined || !nights.includes(later))
    throw new UserError(`${out} has no brief of ${night ?? 'a night'}.`, 'Pass the --out of fleet research.');
  if (earlier === undefined)
    throw new UserError(`${out} has no brief of a night before ${later}.`, 'Research another night first.');
  return [join(out, earlier), join(out, later)];
}

const NIGHT = /^\d{4}-\d{2}-\d{2}$/;

async function readBrief(place: string): Promise<Brief> {
  const isFolder = await stat(place).then(
    (found) => found.isDirectory(),
    () => false,
  );
  const file = isFolder ? join(place, 'brief.json') : place;
  const text = await readFile(file, 'utf8').catch(() => {
    throw wrongUsage(
      `${file} cannot be read.`,
      'Pass the folder of a brief: a night below the folder that --out named.',
    );
  });
  try {
    return briefSchema.parse(JSON.parse(text));
  } catch {
    throw new UserError(`${file} is not a brief.`, 'Pass a brief.json of this release.');
  }
}
