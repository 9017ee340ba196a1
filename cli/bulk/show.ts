import { z } from 'zod';
import {
  bulkListSchema,
  bulkQuerySchema,
  bulkViewSchema,
  type BulkDetail,
  type BulkView,
} from '#core/api/bulk/messages.ts';
import { bulkOperations } from '#core/api/bulk/operations.ts';
import type { ApiClient } from '../api/client.ts';
import type { ApiContext } from '../api/api-command.ts';
import { parseOptions } from '../parse-options.ts';
import { MAX_PAGE_SIZE } from '../tasks/every-task.ts';
import { age, dollars } from '../terminal/format.ts';
import { facts, table } from '../terminal/table.ts';
import { endWords, readAction } from './follow.ts';

/** `fleet bulk list`: the newest actions. */
export async function listActions({ api, output, json }: ApiContext): Promise<void> {
  const answer = await api.call(bulkOperations.listBulkActions, bulkListSchema);
  if (json) return output.json(answer);
  if (answer.actions.length === 0) return output.line('No bulk actions.');
  output.line(table(ACTIONS, answer.actions.map(actionRow), process.stdout.columns));
  if (answer.next !== undefined) output.line(`These are the newest ${answer.actions.length}. There are more.`);
}

const ACTIONS = [
  { name: 'id' },
  { name: 'action' },
  { name: 'status' },
  { name: 'accepted' },
  { name: 'tasks', align: 'right' },
  { name: 'done', align: 'right' },
  { name: 'skipped', align: 'right' },
  { name: 'failed', align: 'right' },
  { name: 'filter', flexible: true },
] as const;

const actionRow = ({ id, action, status, createdAt, count, done, skipped, failed, filter }: BulkView): string[] => [
  id,
  action,
  status,
  age(createdAt),
  ...[count, done, skipped, failed].map(String),
  filterWords(filter),
];

const filterWords = (filter: BulkView['filter']): string =>
  Object.entries(filter)
    .map(([name, value]) => (Array.isArray(value) ? `${value.length} ${name}` : `${name}=${String(value)}`))
    .join(' ');

const optionsSchema = z.object({ outcome: bulkQuerySchema.shape.outcome });

/** `fleet bulk show`: an action, and the outcome of each task. */
export async function showAction({ api, output, json }: ApiContext, id: string, raw: object): Promise<void> {
  const { outcome } = parseOptions(optionsSchema, raw, 'bulk show');
  const { action, items } = await everyItem(api, id, outcome);
  if (json) return output.json({ ...action, items });
  const { status, usd, maxUsd, filter, by } = action;
  output.line(
    facts({
      status: status === 'running' ? `running, ${action.waiting} of ${action.count} tasks wait` : endWords(action),
      filter: filterWords(filter),
      cost: action.action === 'cancel' ? undefined : `about ${dollars(usd)}, at most ${dollars(maxUsd)}`,
      accepted: `${age(action.createdAt)}, by ${by}`,
    }),
  );
  if (items.length > 0) output.line(`\n${table(ITEMS, items.map(itemRow), process.stdout.columns)}`);
}

const ITEMS = [{ name: 'task' }, { name: 'outcome' }, { name: 'retried as' }, { name: 'why', flexible: true }] as const;

const itemRow = ({ task, outcome, retriedAs = '', reason = '' }: BulkDetail['items'][number]): string[] => [
  task,
  outcome ?? 'waits',
  retriedAs,
  reason,
];

/** Reads all tasks of an action, page by page. */
export async function everyItem(
  api: ApiClient,
  id: string,
  outcome?: string,
): Promise<{ readonly action: Omit<BulkDetail, 'items' | 'next'>; readonly items: BulkDetail['items'] }> {
  const items: BulkDetail['items'] = [];
  let cursor: string | undefined;
  for (;;) {
    const page = await readAction(api, id, { outcome, cursor, limit: MAX_PAGE_SIZE });
    const { items: some, next, ...action } = page;
    items.push(...some);
    if (next === undefined) return { action, items };
    cursor = next;
  }
}

/** `fleet bulk stop`. */
export async function stopAction({ api, output, json }: ApiContext, id: string): Promise<void> {
  const action = await api.call(bulkOperations.cancelBulkAction, bulkViewSchema, { params: { id } });
  if (json) return output.json(action);
  output.line(
    action.status === 'running' ? `${id} stops within seconds. What it has done stays done.` : endWords(action),
  );
}
