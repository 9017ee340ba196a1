import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { BulkKind } from '#core/bulk/action.ts';
import {
  bulkAnswerSchema,
  bulkFilterSchema,
  type BulkAnswer,
  type BulkFilterMessage,
} from '#core/api/bulk/messages.ts';
import { bulkOperations } from '#core/api/bulk/operations.ts';
import type { ApiContext } from '../api/api-command.ts';
import { requireKnownAgent } from '../api/require-agent.ts';
import { watchInterruption } from '../interruption.ts';
import { parseOptions } from '../parse-options.ts';
import { timeOption } from '../tasks/time-option.ts';
import { age, count, dollars } from '../terminal/format.ts';
import { table } from '../terminal/table.ts';
import { wrongUsage } from '../user-error.ts';
import { watchAction } from './follow.ts';

const { agent, status, cause } = bulkFilterSchema.shape;
const optionsSchema = z.object({
  agent,
  status,
  cause,
  run: z.string().min(1).optional(),
  since: timeOption.optional(),
  until: timeOption.optional(),
  dryRun: z.boolean().default(false),
  yes: z.boolean().default(false),
});

/** More than this needs --yes. */
const MAX_UNCONFIRMED = { tasks: 100, usd: 50 };

/** `fleet bulk cancel`, `retry` and `redrive`: shows what matches, starts the action and follows it to its end. */
export async function bulkCommand(context: ApiContext, action: BulkKind, raw: object): Promise<void> {
  const { run, dryRun, yes, ...given } = parseOptions(optionsSchema, raw, `bulk ${action}`);
  const filter = { ...given, ...(run !== undefined && { runId: run }) };
  if (Object.values(filter).every((value) => value === undefined))
    throw wrongUsage(
      'Say which tasks: --agent, --status, --run, --cause, --since or --until.',
      `Example: npm run fleet -- bulk ${action} --agent assistant --since 2h`,
    );
  const found = await countTasks(context, action, filter);
  if (dryRun) return showDryRun(context, found);
  if (found.count === 0) return showNothing(context, found);
  requireConfirmed(found, yes);
  // Before it starts, so that Ctrl-C never leaves the user without the words that say what goes on.
  const { signal } = watchInterruption();
  const id = await startAction(context, action, filter);
  await watchAction(context, id, signal);
}

/** What a filter matches. An agent that does not exist is wrong usage. */
export async function countTasks(
  { api }: ApiContext,
  action: BulkKind,
  filter: BulkFilterMessage,
): Promise<BulkAnswer> {
  const body = { action, filter, dryRun: true };
  const found = await api.call(bulkOperations.submitBulkAction, bulkAnswerSchema, { body });
  if (found.count === 0) await requireKnownAgent(api, filter.agent);
  return found;
}

/** Throws wrong usage for more tasks or dollars than are changed without a confirmation. */
export function requireConfirmed(found: BulkAnswer, isConfirmed: boolean): void {
  if (isConfirmed) return;
  if (found.count > MAX_UNCONFIRMED.tasks || found.maxUsd > MAX_UNCONFIRMED.usd)
    throw wrongUsage(`That would ${found.action} ${costWords(found)}.`, 'Confirm with --yes.');
}

/** Starts the action once, however often the request is repeated, and returns its id. */
export async function startAction(
  { api, notes }: ApiContext,
  action: BulkKind,
  filter: BulkFilterMessage,
): Promise<string> {
  const request = { body: { action, filter }, idempotencyKey: randomUUID() };
  const started = await api.call(bulkOperations.submitBulkAction, bulkAnswerSchema.required({ id: true }), request);
  notes.line(`Bulk action ${started.id}: ${action} ${costWords(started)}.`);
  return started.id;
}

/** `300 tasks, about $1.20, at most $6.00 by their budgets`. */
function costWords({ action, count: number, spentUsd, usd, maxUsd }: BulkAnswer): string {
  const tasks = count(number, 'task');
  if (action === 'cancel') return `${tasks}, which have cost ${dollars(spentUsd)} so far`;
  return `${tasks}, about ${dollars(usd)}, at most ${dollars(maxUsd)} by their budgets`;
}

const SAMPLE = [
  { name: 'id' },
  { name: 'agent' },
  { name: 'status' },
  { name: 'accepted' },
  { name: 'spent', align: 'right' },
] as const;

function showDryRun({ output, json }: ApiContext, found: BulkAnswer): void {
  if (json) return output.json(found);
  const { complete, sample } = found;
  output.line(`${complete ? '' : 'At least '}${costWords(found)}. Nothing was changed.`);
  if (!complete) output.line('That is more than one action can have. Narrow it with --agent, --since and --until.');
  if (sample.length === 0) return;
  const rows = sample.map(({ id, agent: name, status: at, createdAt, usd }) => [
    id,
    name,
    at,
    age(createdAt),
    dollars(usd),
  ]);
  output.line(table(SAMPLE, rows, process.stdout.columns));
  if (found.count > sample.length) output.line(`… and ${found.count - sample.length} more`);
}

function showNothing({ output, json }: ApiContext, found: BulkAnswer): void {
  if (json) output.json({ ...found, dryRun: false });
  else output.line('No task matches.');
}
