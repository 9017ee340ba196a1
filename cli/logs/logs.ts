import type { ApiContext } from '../api/api-command.ts';
import { requireKnownAgent } from '../api/require-agent.ts';
import { watchInterruption } from '../interruption.ts';
import { parseOptions } from '../parse-options.ts';
import { count } from '../terminal/format.ts';
import { printJsonLine } from '../terminal/output.ts';
import { table } from '../terminal/table.ts';
import { wrongUsage } from '../user-error.ts';
import { followLines } from './follow.ts';
import { GROUPS, groupRow, groupsOf } from './groups.ts';
import { lineWords } from './line-words.ts';
import { optionsSchema, pagesOf, type Line, type Wanted } from './read-lines.ts';

/** Most lines that are read to find the newest ones. */
const MAX_READ = 20_000;

/** `fleet logs`: shows what the functions logged about a task, an agent or all, once or as it happens. */
export async function logsCommand(context: ApiContext, task: string | undefined, raw: object): Promise<void> {
  const { follow, limit, ...options } = parseOptions(optionsSchema, raw, 'logs');
  if (task !== undefined && options.agent !== undefined)
    throw wrongUsage('Give a task or --agent, not both.', 'See npm run fleet -- logs --help.');
  const wanted = { task, ...options, agent: options.agent, since: options.since };
  return follow ? followCommand(context, wanted) : showLines(context, wanted, limit);
}

async function showLines({ api, output, notes, json }: ApiContext, wanted: Wanted, limit: number): Promise<void> {
  const { lines, asOf, isComplete } = await readAll(api, wanted);
  if (lines.length === 0) await requireKnownAgent(api, wanted.agent);
  const newest = lines.slice(-limit);
  const groups = wanted.errors ? groupsOf(lines) : undefined;
  if (json) return output.json({ lines: newest, ...(groups && { groups }), complete: isComplete, asOf });
  if (lines.length === 0) return output.line('No lines found. Use --since for earlier ones.');
  if (groups === undefined || wanted.task !== undefined)
    for (const line of newest) output.line(lineWords(line, wanted.task !== undefined));
  else output.line(table(GROUPS, groups.map(groupRow), process.stdout.columns));
  if (newest.length < lines.length && groups === undefined)
    notes.line(`These are the newest ${limit} of ${count(lines.length, 'line')}: use --limit.`);
  if (!isComplete) notes.line(`There are newer lines: only ${count(lines.length, 'line')} were read. Use --since.`);
}

async function readAll(api: ApiContext['api'], wanted: Wanted) {
  const lines: Line[] = [];
  let asOf: string | undefined;
  for await (const page of pagesOf(api, wanted)) {
    lines.push(...page.lines);
    asOf ??= page.asOf;
    if (lines.length >= MAX_READ) return { lines, asOf, isComplete: page.nextCursor === undefined };
  }
  return { lines, asOf, isComplete: true };
}

/** Ctrl-C is the normal end. */
async function followCommand({ api, output, json }: ApiContext, wanted: Wanted): Promise<void> {
  const { signal } = watchInterruption();
  const onLine = (line: Line): void =>
    json ? printJsonLine(line) : output.line(lineWords(line, wanted.task !== undefined));
  try {
    await followLines(api, wanted, { signal, onLine });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
