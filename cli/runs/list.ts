import { z } from 'zod';
import { runPageSchema, type RunPage } from '#core/api/runs/messages.ts';
import { runOperations } from '#core/api/runs/operations.ts';
import type { ApiContext } from '../api/api-command.ts';
import { parseOptions } from '../parse-options.ts';
import { MAX_PAGE_SIZE } from '../tasks/every-task.ts';
import { age } from '../terminal/format.ts';
import { table } from '../terminal/table.ts';
import { wholeOption } from '../whole-option.ts';

const optionsSchema = z.object({ limit: wholeOption(1, 10_000).default(50) });

/** `fleet runs`: lists runs, newest first, page by page up to the limit. */
export async function listRuns({ api, output, json }: ApiContext, raw: object): Promise<void> {
  const { limit } = parseOptions(optionsSchema, raw, 'runs');
  const runs: RunPage['runs'] = [];
  let cursor: string | undefined;
  do {
    const query = { cursor, limit: Math.min(MAX_PAGE_SIZE, limit - runs.length) };
    const page = await api.call(runOperations.listRuns, runPageSchema, { query });
    runs.push(...page.runs);
    cursor = page.next;
  } while (cursor !== undefined && runs.length < limit);
  if (json) return output.json({ runs, ...(cursor !== undefined && { next: cursor }) });
  if (runs.length === 0) return output.line('No runs.');
  const rows = runs.map((run) => [run.id, stateOf(run), String(run.size), age(run.createdAt), run.name ?? '']);
  output.line(table(COLUMNS, rows, process.stdout.columns));
  if (cursor !== undefined) output.line(`There are more: use --limit ${Math.min(10_000, limit * 5)}.`);
}

/** Empty for a run whose end only its tasks tell: `fleet runs ID` reads them. */
const stateOf = ({ status, cancelled }: RunPage['runs'][number]): string =>
  cancelled === true ? 'cancelled' : (status ?? '');

const COLUMNS = [
  { name: 'id' },
  { name: 'state' },
  { name: 'tasks', align: 'right' },
  { name: 'accepted' },
  { name: 'name', flexible: true },
] as const;
