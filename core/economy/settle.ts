import { inParallel } from '../concurrency/in-parallel.ts';
import { announceEnd } from '../ending/notify.ts';
import { UsageTally } from '../ending/usage-tally.ts';
import { backoffMs, MAX_ATTEMPTS } from '../failures/backoff.ts';
import type { Failure } from '../failures/failure.ts';
import { batchPrices } from '../models/catalogue.ts';
import { tokensOf } from '../models/price.ts';
import type { BatchResult } from '../ports/batch-model.ts';
import { answeredStep, reportAnswer } from '../spending/answered-step.ts';
import { unlessUnreadable } from '../stored/record.ts';
import { commitBatched, failBatched, leaveBatch } from '../tasks/batched.ts';
import type { ModelStep } from '../tasks/step.ts';
import { isTerminal, type Task } from '../tasks/task.ts';
import { batchedCallSpan } from '../tracing/later-spans.ts';
import { moveBatch, type Batch, type Entry } from './batch.ts';
import type { SettlePorts } from './ports.ts';
import { applied, giveBack, release, settleDay } from './undo.ts';

/** Results that are settled at the same time. */
const AT_ONCE = 10;

/**
 * Looks at a batch, and once it has ended settles its results: each answer becomes the finished step of its task, which
 * a worker then takes up. Done again, or by two at once, it changes nothing: only the task that still lies in this batch
 * is settled. Throws `FailureError` where the provider cannot be asked now.
 */
export async function settleBatch(ports: SettlePorts, id: string): Promise<{ readonly over: boolean }> {
  const { batches, batchModel, clock } = ports;
  const batch = await unlessUnreadable(batches.get(id), 'unreadable');
  if (batch === 'unreadable') return { over: false };
  if (batch?.state.status !== 'made') return { over: batch === null || batch.state.status === 'over' };
  const { providerId } = batch.state;
  const there = await batchModel.get(providerId);
  if (there !== null && there.status !== 'ended') {
    // In conflict another look was noted.
    await batches.replace(moveBatch(batch, { state: { ...batch.state, seenAt: clock.now() } }));
    return { over: false };
  }
  const told = there === null ? new Set<string>() : await settleResults(ports, batch, providerId);
  // A task that only another release can read still lies in this batch, and its answer is there for a later look.
  if (told === 'unreadable') return { over: false };
  // Of what the provider lost nobody knows whether it was billed: it stays charged, and is asked for again.
  for (const { customId, taskId } of batch.entries) {
    if (!told.has(customId)) await giveBack(ports, taskId, id, { until: clock.now(), billed: true });
  }
  await closeBatch(ports, id, providerId);
  return { over: true };
}

async function closeBatch({ batches, clock }: SettlePorts, id: string, providerId: string): Promise<void> {
  for (;;) {
    const batch = await batches.get(id);
    if (batch?.state.status !== 'made') return;
    const over = moveBatch(batch, { state: { status: 'over', at: clock.now(), providerId } });
    if ((await batches.replace(over)) === 'replaced') return;
  }
}

/** @returns the custom ids of the entries whose result there is */
async function settleResults(
  ports: SettlePorts,
  batch: Batch,
  providerId: string,
): Promise<ReadonlySet<string> | 'unreadable'> {
  const entries = new Map(batch.entries.map((entry) => [entry.customId, entry]));
  const told = new Set<string>();
  let settled = true;
  const settle = async (result: BatchResult): Promise<void> => {
    const entry = entries.get(result.customId);
    if (!entry) return;
    told.add(result.customId);
    const done = settleEntry(ports, batch, entry, result).then(() => true);
    if (!(await unlessUnreadable(done, false))) settled = false;
  };
  await inParallel(ports.batchModel.results(providerId), settle, AT_ONCE);
  return settled ? told : 'unreadable';
}

async function settleEntry(ports: SettlePorts, { id }: Batch, entry: Entry, result: BatchResult): Promise<void> {
  const task = await ports.store.get(entry.taskId);
  if (task?.batch?.id !== id || !task.reservation || isTerminal(task.state)) return;
  switch (result.kind) {
    case 'succeeded':
      return answered(ports, task, entry, result);
    case 'failed':
      return failed(ports, task, id, result.failure);
    case 'expired':
    case 'cancelled':
      // Its turn did not come, which is no fault of its own: no attempt is spent (I5).
      return waitAgain(ports, task, id, { until: ports.clock.now(), billed: false });
  }
}

async function answered(
  ports: SettlePorts,
  task: Task,
  { model }: Entry,
  { answer }: Extract<BatchResult, { kind: 'succeeded' }>,
): Promise<void> {
  const { batch, reservation } = task;
  if (!batch || !reservation) return;
  const { store, clock, catalogue } = ports;
  const now = clock.now();
  const { step: index, epoch } = reservation;
  const call = { taskId: task.id, index, epoch, startedAt: batch.since, endedAt: now, model };
  const step = answeredStep(batchPrices(catalogue), call, answer);
  await store.putStep(step);
  const queued = await applied(ports, task, (current) => commitBatched(current, batch.id, step, now));
  if (!queued) return;
  await settleDay(ports, task, queued, { usd: step.usd, tokens: tokensOf(step.usage) });
  await count(ports, queued, model, step);
  // What is not sent is queued all the same: the sweeper finds it.
  await ports.queue.send(queued).catch(() => undefined);
}

async function count(ports: SettlePorts, task: Task, name: string, step: ModelStep): Promise<void> {
  const tally = new UsageTally({ ...ports, catalogue: batchPrices(ports.catalogue) }, task);
  tally.answered(name, step);
  await tally.flush();
  reportAnswer(ports.report, task, step);
  ports.tracer?.record(batchedCallSpan(ports.ids, task, name, step));
}

async function failed(ports: SettlePorts, task: Task, id: string, failure: Failure): Promise<void> {
  const { clock, ids } = ports;
  const now = clock.now();
  const attempt = task.attempts + 1;
  if (failure.kind !== 'permanent' && attempt < MAX_ATTEMPTS) {
    return waitAgain(ports, task, id, { until: now + backoffMs(attempt, ids.random()), billed: false, failed: true });
  }
  const ended = await applied(ports, task, (current) => failBatched(current, id, failure, now));
  if (!ended) return;
  await release(ports, task, ended);
  await announceEnd(ports, ended);
}

async function waitAgain(
  ports: SettlePorts,
  task: Task,
  id: string,
  how: Parameters<typeof leaveBatch>[2],
): Promise<void> {
  const left = await applied(ports, task, (current) => leaveBatch(current, id, how));
  if (left) await release(ports, task, left);
}
