import { expect, it } from 'vitest';
import { defineAgent } from '#core/agents/define-agent.ts';
import { collect } from '#core/economy/collect.ts';
import type { CollectPorts, PollInput } from '#core/economy/ports.ts';
import { settleBatch } from '#core/economy/settle.ts';
import { pausePool } from '#core/pools/pause.ts';
import type { Failure } from '#core/failures/failure.ts';
import { cancel } from '#core/tasks/finish.ts';
import { inMemoryBatchModel } from '../../support/fakes/in-memory-batch-model.ts';
import { adder, adderOptions, workerHarness } from '../../support/worker-harness.ts';

/** An entry's result without its id. */
type What = { readonly kind: 'expired' } | { readonly kind: 'failed'; readonly failure: Failure };

/** One economy task, and a batch whose entry has this result. */
async function world(what: What = { kind: 'expired' }) {
  const harness = workerHarness([{ json: { sum: 3 } }]);
  const { clock, ports, store } = harness;
  const batchModel = inMemoryBatchModel(
    ({ customId }) => ({ customId, ...what }),
    () => clock.now(),
  );
  const polled: string[] = [];
  const polls = { start: async (_: string, { batch }: PollInput) => void polled.push(batch) };
  const all: CollectPorts = { ...ports, batchModel, polls };
  const { id } = await harness.accept({ priority: 'economy', deadline: clock.now() + 48 * 3_600_000 });
  const settle = async () => {
    for (const { id: batch } of batchModel.made) batchModel.end(batch);
    for (const batch of polled) await settleBatch(all, batch);
    return harness.task(id);
  };
  return { harness, store, id, batchModel, all, settle, collect: () => collect(all, [adder], () => true) };
}

it('a waiting task has no message, and no worker claims it before its batch has ended', async () => {
  const { harness, id } = await world();
  expect(await harness.task(id)).toMatchObject({ state: { status: 'parked', cause: 'batch' } });
  expect(await harness.deliver(id)).toBe('delete');
  expect((await harness.task(id)).epoch).toBe(0);
});

it('I5: a task that expired in its batch waits for another batch, at no charge and no attempt', async () => {
  const { collect, settle, batchModel } = await world();
  expect(await collect()).toEqual({ batches: 1, entries: 1 });
  expect(await settle()).toMatchObject({
    attempts: 0,
    reservation: null,
    spend: { usd: 0, lost: { usd: 0 } },
    state: { status: 'parked', cause: 'batch' },
  });
  expect(await collect()).toEqual({ batches: 1, entries: 1 });
  expect(batchModel.made).toHaveLength(2);
});

it('a task that the provider rejected fails without a charge, and its waiters are notified', async () => {
  const failure: Failure = { kind: 'permanent', reason: 'no such model', notBilled: true };
  const { collect, settle } = await world({ kind: 'failed', failure });
  await collect();
  expect(await settle()).toMatchObject({
    spend: { usd: 0, lost: { usd: 0 } },
    state: { status: 'failed', failure: { kind: 'permanent', reason: 'no such model' }, notified: true },
  });
});

it('a task that is cancelled in its batch ends at once, charged at its reservation, and ignores its result', async () => {
  const { harness, store, id, collect, settle } = await world();
  await collect();
  const { reservation } = await harness.task(id);
  const decision = cancel(await harness.task(id), harness.clock.now());
  if (decision.ok) await store.replace(decision.task);
  expect(await settle()).toMatchObject({ state: { status: 'cancelled' }, spend: { lost: { usd: reservation?.usd } } });
});

it('I13: a paused pool creates no batch', async () => {
  const { harness, collect, batchModel } = await world();
  await pausePool({ pools: harness.pools, clock: harness.clock }, adder.name, { reason: 'look', by: 'ops' });
  expect(await collect()).toEqual({ batches: 0, entries: 0 });
  expect(batchModel.made).toEqual([]);
});

it('I1: a task of a version that the collector does not have is left out with its cause, and no batch waits for it', async () => {
  const { harness, all, batchModel, collect: collectOld } = await world();
  const deadline = harness.clock.now() + 30 * 3_600_000;
  // Its deadline is first, so it would be gathered first.
  const newer = await harness.accept({ priority: 'economy', deadline, agentVersion: '2', idempotencyKey: 'newer' });
  expect(await collectOld()).toEqual({ batches: 1, entries: 1 });
  expect(await collectOld()).toEqual({ batches: 0, entries: 0 });
  expect((await harness.task(newer.id)).state).toMatchObject({
    status: 'parked',
    cause: 'batch',
    detail: 'agent-version',
  });
  // Reported by each collector, written by the first.
  expect(harness.events.filter((event) => event.type === 'task.parked')).toHaveLength(2);
  expect((await harness.task(newer.id)).version).toBe(newer.version + 1);
  const both = [defineAgent({ ...adderOptions, version: '2', earlier: [adder] })] as const;
  expect(await collect(all, both, () => true)).toEqual({ batches: 1, entries: 1 });
  expect(batchModel.made).toHaveLength(2);
  expect((await harness.task(newer.id)).state).not.toHaveProperty('detail');
});
