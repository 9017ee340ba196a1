import { expect, it } from 'vitest';
import { collect } from '#core/economy/collect.ts';
import type { CollectPorts } from '#core/economy/ports.ts';
import { settleBatch } from '#core/economy/settle.ts';
import { inMemoryBatchModel } from '../../support/fakes/in-memory-batch-model.ts';
import { adder, workerHarness } from '../../support/worker-harness.ts';

const MINUTE = 60_000;

/** One economy task whose entries fail in their batches. */
async function world() {
  const harness = workerHarness([{ json: { sum: 3 } }]);
  const { clock } = harness;
  const batchModel = inMemoryBatchModel(
    ({ customId }) => ({ customId, kind: 'failed', failure: { kind: 'transient', reason: 'overloaded' } }),
    () => clock.now(),
  );
  const polls: string[] = [];
  const ports: CollectPorts = {
    ...harness.ports,
    batchModel,
    polls: { start: async (name: string) => void polls.push(name) },
  };
  const { id } = await harness.accept({ priority: 'economy', deadline: clock.now() + 48 * 60 * MINUTE });
  const batches = async (): Promise<readonly string[]> => {
    const open: string[] = [];
    for await (const batch of ports.batches.open(adder.name)) open.push(batch);
    return open;
  };
  return { harness, clock, ports, batchModel, polls, id, batches, collect: () => collect(ports, [adder], () => true) };
}

it('I1: a batch that nobody polls is taken up again and again, under a new name each time', async () => {
  const { collect, clock, polls } = await world();
  await collect();
  expect(polls).toHaveLength(1);
  // Neither the first poll nor the next ones live to look at it.
  for (let round = 2; round <= 4; round += 1) {
    clock.advance(31 * MINUTE);
    await collect();
    expect(new Set(polls).size, `names after ${round} rounds`).toBe(round);
    await collect();
    expect(polls).toHaveLength(round);
  }
});

it('I5: an intent whose batch was never made does not adopt an earlier batch of the same task', async () => {
  const { collect, clock, ports, batchModel, batches, harness, id } = await world();
  await collect();
  const [first = ''] = await batches();
  batchModel.end(batchModel.made[0]?.id ?? '');
  await settleBatch(ports, first);
  expect((await harness.task(id)).attempts).toBe(1);
  clock.advance(MINUTE);
  batchModel.fates.push({ failure: { kind: 'transient', reason: 'broken connection' }, made: false });
  await expect(collect()).rejects.toThrow('broken connection');
  clock.advance(20 * MINUTE);
  await collect();
  for (const batch of await batches()) await settleBatch(ports, batch);
  // The one failure was counted once, and the task is in a second batch.
  expect(await harness.task(id)).toMatchObject({ attempts: 1, state: { status: 'parked', cause: 'batch' } });
  expect(batchModel.made).toHaveLength(2);
});
