import { FleetError } from './fleet-error.ts';
import { pause } from './pause.ts';
import { isRetryable, type Transport } from './transport.ts';
import type { BatchAnswer, DispatchedTask, Outcome, Problem } from './types.ts';
import type { WaitOptions } from './patience.ts';
import { waitForAll } from './wait-for-all.ts';

/** Limits of one request to `POST /tasks/batch`. */
const MAX_ITEMS = 500;
const MAX_CHARACTERS = 1_000_000;
/** Times an item is submitted while the fleet temporarily cannot accept it; more often while the patience lasts. */
const ROUNDS = 5;
const ROUND_MS = 500;
const MAX_ROUND_MS = 3_000;

type Keyed = DispatchedTask & { readonly idempotencyKey: string };
type Accepted = { readonly id: string } | { readonly problem: Problem };

/** What depends on the kind of client. */
export interface Keying {
  /** @param sessionId the task's session, whose region the key names @default it has none */
  newKey(sessionId?: string): string | Promise<string>;
  /** Milliseconds to go on with items that the fleet temporarily cannot accept. @default 5 rounds */
  readonly patienceMs?: number;
}

/** Submits tasks in batches and waits for all of them. The outcomes are in the order of the tasks. */
export async function dispatch(
  send: Transport,
  tasks: readonly DispatchedTask[],
  options: WaitOptions,
  keying: Keying,
): Promise<Outcome[]> {
  const items: Keyed[] = [];
  for (const task of tasks)
    items.push({ ...task, idempotencyKey: task.idempotencyKey ?? (await keying.newKey(task.sessionId)) });
  const until = options.timeoutMs === undefined ? undefined : Date.now() + options.timeoutMs;
  const accepted: Accepted[] = [];
  // One batch after another, so that tasks of a session keep their order.
  for (const batch of batches(items)) accepted.push(...(await submitBatch(send, batch, keying, options.signal)));
  const left = until === undefined ? {} : { timeoutMs: Math.max(0, until - Date.now()) };
  const ids = accepted.flatMap((answer) => ('id' in answer ? [answer.id] : []));
  const endOf = await waitForAll(send, ids, { ...options, ...left });
  return accepted.map((answer, index): Outcome => {
    const idempotencyKey = items[index]?.idempotencyKey ?? '';
    if ('problem' in answer) return { ended: false, ...answer, idempotencyKey };
    const end = endOf(answer.id);
    if (!(end instanceof FleetError)) return { ended: true, task: end };
    return { ended: false, problem: end.problem, id: answer.id, idempotencyKey };
  });
}

/** Splits the items into batches within the limits of one request. */
function* batches(items: readonly Keyed[]): Generator<Keyed[]> {
  let batch: Keyed[] = [];
  let characters = 0;
  for (const item of items) {
    const size = JSON.stringify(item).length;
    if (batch.length === MAX_ITEMS || (batch.length > 0 && characters + size > MAX_CHARACTERS)) {
      yield batch;
      [batch, characters] = [[], 0];
    }
    batch.push(item);
    characters += size;
  }
  if (batch.length > 0) yield batch;
}

/** Submits a batch, and retries the items that the fleet temporarily could not accept, under the same keys. */
async function submitBatch(
  send: Transport,
  batch: readonly Keyed[],
  { patienceMs = 0 }: Keying,
  signal: AbortSignal | undefined,
): Promise<Accepted[]> {
  const until = Date.now() + patienceMs;
  const answers = await sendBatch(send, batch, signal);
  for (let round = 1; round < ROUNDS || Date.now() < until; round += 1) {
    const again = answers.flatMap((answer, index) =>
      'problem' in answer && isRetryable(answer.problem) ? [index] : [],
    );
    if (again.length === 0) break;
    await pause(Math.min(MAX_ROUND_MS, ROUND_MS * round), signal);
    const items = again.flatMap((index) => batch[index] ?? []);
    for (const [position, answer] of (await sendBatch(send, items, signal)).entries())
      answers[again[position] ?? -1] = answer;
  }
  return answers;
}

async function sendBatch(
  send: Transport,
  tasks: readonly Keyed[],
  signal: AbortSignal | undefined,
): Promise<Accepted[]> {
  try {
    const call = { method: 'POST', path: '/tasks/batch', body: { tasks }, keysInBody: true, signal } as const;
    const { body } = await send<BatchAnswer>(call);
    return body.items.map((item) => ('task' in item ? { id: item.task.id } : { problem: item.problem }));
  } catch (error) {
    // An invalid key concerns the whole call, not single items.
    if (!(error instanceof FleetError) || error.status === 401 || error.status === 403) throw error;
    return tasks.map(() => ({ problem: error.problem }));
  }
}
