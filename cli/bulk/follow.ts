import { setTimeout as delay } from 'node:timers/promises';
import { bulkDetailSchema, type BulkDetail } from '#core/api/bulk/messages.ts';
import { bulkOperations } from '#core/api/bulk/operations.ts';
import type { ApiClient } from '../api/client.ts';
import type { ApiContext } from '../api/api-command.ts';
import { watchInterruption } from '../interruption.ts';
import { FleetLost } from '../lost-fleet.ts';
import { bar, count } from '../terminal/format.ts';
import { Interrupted, UserError } from '../user-error.ts';

/** The pause between two reads. */
const PACE_MS = 1_000;

/**
 * `fleet bulk watch`: follows an action until it ends. Ctrl-C stops only the watching.
 * @param signal of Ctrl-C @default watched from here on
 */
export async function watchAction(context: ApiContext, id: string, signal?: AbortSignal): Promise<void> {
  const { output, json } = context;
  const ended = await followAction(context, id, signal);
  if (json) {
    const { items: _, next: __, ...action } = ended;
    output.json(action);
  } else output.line(endWords(ended));
  requireDone(ended);
}

/** Follows an action until it ends. Throws `Interrupted` at Ctrl-C, which says what goes on. */
export async function followAction(
  { api, notes }: ApiContext,
  id: string,
  signal = watchInterruption().signal,
): Promise<BulkDetail> {
  try {
    for (;;) {
      const action = await readAction(api, id, { limit: 1 }, signal);
      notes.progress(action.status === 'running' ? progressWords(action) : '');
      if (action.status !== 'running') return action;
      await delay(PACE_MS, undefined, { signal });
    }
  } catch (error) {
    notes.progress('');
    const again = `npm run fleet -- bulk watch ${id}`;
    if (signal.aborted)
      throw new Interrupted(
        'Interrupted. The bulk action continues on its own.',
        `Follow it: ${again}; stop it: npm run fleet -- bulk stop ${id}`,
      );
    throw error instanceof FleetLost ? error.goingOnWith(`The bulk action is not lost. Follow it: ${again}`) : error;
  }
}

/** Reads an action with a page of its tasks. */
export const readAction = (
  api: ApiClient,
  id: string,
  query: Readonly<Record<string, string | number | undefined>>,
  signal?: AbortSignal,
): Promise<BulkDetail> => api.call(bulkOperations.getBulkAction, bulkDetailSchema, { params: { id }, query, signal });

function progressWords({ count: all, waiting, skipped, failed }: BulkDetail): string {
  const ended = all - waiting;
  return `${bar(ended / all)} ${ended} of ${count(all, 'task')}, ${failed} failed, ${skipped} skipped`;
}

/** `Cancelled 298 of 300 tasks, 2 skipped, 0 failed.` */
export function endWords({
  action,
  status,
  count: all,
  done,
  skipped,
  failed,
  waiting,
}: Omit<BulkDetail, 'items'>): string {
  const rest = waiting > 0 ? `, ${waiting} not reached` : '';
  const stopped = status === 'cancelled' ? 'Stopped. ' : '';
  return `${stopped}${DID[action]} ${done} of ${count(all, 'task')}: ${skipped} skipped, ${failed} failed${rest}.`;
}

const DID = { cancel: 'Cancelled', retry: 'Retried', redrive: 'Redrove' } as const;

function requireDone({ id, failed }: BulkDetail): void {
  if (failed > 0)
    throw new UserError(
      `${count(failed, 'task')} failed.`,
      `See why: npm run fleet -- bulk show ${id} --outcome failed`,
    );
}
