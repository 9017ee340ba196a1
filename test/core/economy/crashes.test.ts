import { expect, it } from 'vitest';
import { collect } from '#core/economy/collect.ts';
import type { CollectPorts, PollInput } from '#core/economy/ports.ts';
import { settleBatch } from '#core/economy/settle.ts';
import { batchPrices, CATALOGUE } from '#core/models/catalogue.ts';
import { costUsd } from '#core/models/price.ts';
import type { BatchResult } from '#core/ports/batch-model.ts';
import { isTerminal, type Task } from '#core/tasks/task.ts';
import { inMemoryBatchModel } from '../../support/fakes/in-memory-batch-model.ts';
import { adder, workerHarness } from '../../support/worker-harness.ts';

const usage = { input: 100, output: 20, cacheRead: 0, cacheWrite: 0 };
const model = CATALOGUE.tiers.fast;

const answer = ({ customId }: { readonly customId: string }): BatchResult => ({
  customId,
  kind: 'succeeded',
  answer: { content: [{ type: 'text', text: '{"sum":3}' }], stopReason: 'end', usage, model, requestId: customId },
});

class Crash extends Error {}

/** Counts every call of a port. The call at `at` dies before or after its effect, and so do all later calls. */
function crashing<Ports extends object>(ports: Ports, at: number, when: 'before' | 'after') {
  let calls = 0;
  const seen = { calls: () => calls };
  const watched =
    (call: (...args: unknown[]) => unknown) =>
    (...args: unknown[]): unknown => {
      calls += 1;
      if (calls > at || (calls === at && when === 'before')) throw new Crash();
      const result = call(...args);
      if (calls < at || !(result instanceof Promise)) return result;
      return result.then(() => {
        throw new Crash();
      });
    };
  const wrapped = Object.entries(ports).map(([name, port]: [string, unknown]) => {
    if (!WATCHED.has(name)) return [name, port];
    const methods = Object.entries(port as Record<string, (...args: unknown[]) => unknown>);
    return [name, Object.fromEntries(methods.map(([method, call]) => [method, watched(call)]))];
  });
  return { ports: Object.fromEntries(wrapped) as Ports, ...seen };
}

const WATCHED: ReadonlySet<string> = new Set(['store', 'batches', 'batchModel', 'polls', 'queue', 'usage', 'notifier']);

/** Two economy tasks whose collector or settler dies at one call. After that, everything works. */
async function life(at: number, when: 'before' | 'after') {
  const harness = workerHarness([{ json: { sum: 3 } }]);
  const { clock } = harness;
  const batchModel = inMemoryBatchModel(answer, () => clock.now());
  const polled = new Set<string>();
  const polls = { start: async (_: string, { batch }: PollInput) => void polled.add(batch) };
  const ports: CollectPorts = { ...harness.ports, batchModel, polls };
  const deadline = clock.now() + 48 * 3_600_000;
  for (const idempotencyKey of ['a', 'b']) await harness.accept({ idempotencyKey, priority: 'economy', deadline });
  const dying = crashing(ports, at, when);
  const round = async (through: CollectPorts): Promise<void> => {
    await collect(through, [adder], () => true);
    for (const { id } of batchModel.made) batchModel.end(id);
    for (const batch of polled) await settleBatch(through, batch);
    for (const task of harness.store.all()) if (task.state.status === 'queued') await harness.deliver(task.id);
  };
  await round(dying.ports).catch((error: unknown) => {
    if (!(error instanceof Crash)) throw error;
  });
  for (let rounds = 0; rounds < 6 && !harness.store.all().every(({ state }) => isTerminal(state)); rounds += 1) {
    clock.advance(20 * 60_000);
    for (const { id } of batchModel.made) batchModel.end(id);
    await round(ports);
  }
  return { calls: dying.calls(), made: batchModel.made, tasks: harness.store.all(), harness };
}

function check(at: string, { made, tasks }: Awaited<ReturnType<typeof life>>): void {
  const paid = made.flatMap(({ entries }) => entries.map(({ customId }) => customId.replace(/_\d+$/, '')));
  expect(paid.toSorted(), `paid once, ${at}`).toEqual(tasks.map(({ id }) => `${id}_0`).toSorted());
  const usd = costUsd(batchPrices(CATALOGUE), model, usage);
  for (const task of tasks) {
    const { state, spend, reservation, steps } = task satisfies Task;
    const seen = { at, status: state.status, usd: spend.usd, lost: spend.lost.usd, reservation, steps: steps.length };
    expect(seen).toEqual({ at, status: 'succeeded', usd, lost: 0, reservation: null, steps: 1 });
  }
}

it('I1, I3, I4: each task is paid once, at half price, and ends, at whatever call a collector or settler dies', async () => {
  const undisturbed = await life(Infinity, 'before');
  check('undisturbed', undisturbed);
  expect(undisturbed.made).toHaveLength(1);
  expect(undisturbed.calls).toBeGreaterThan(15);
  for (const when of ['before', 'after'] as const) {
    for (let at = 1; at <= undisturbed.calls; at += 1) check(`${when} call ${at}`, await life(at, when));
  }
});
