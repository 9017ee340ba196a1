import type { BatchStatus } from '../ports/batch-model.ts';
import { unlessUnreadable } from '../stored/record.ts';
import { moveBatch, type Batch } from './batch.ts';
import type { CollectPorts } from './ports.ts';
import { undo } from './undo.ts';

/**
 * A batch that was begun so long ago has no collector any more that could still make it: longer than its function may
 * run (five minutes) and a request of its may be under way (two).
 */
export const QUIET_MS = 900_000;
/** The provider's clock and ours differ by less. */
const CLOCKS_DIFFER_MS = 300_000;
/** Nobody has looked at a batch for so long: whoever polls it is gone. */
const UNSEEN_MS = 1_800_000;

/**
 * Takes up what earlier collectors left behind. No call is paid twice: what may have been made is looked for at the
 * provider before its tasks may go into another batch.
 */
export async function recover(ports: CollectPorts, agent: string): Promise<void> {
  for await (const id of ports.batches.open(agent)) {
    const batch = await unlessUnreadable(ports.batches.get(id), null);
    if (batch) await takeUp(ports, batch);
  }
}

async function takeUp(ports: CollectPorts, batch: Batch): Promise<void> {
  const now = ports.clock.now();
  const { state } = batch;
  switch (state.status) {
    case 'gathering':
      return now - batch.begunAt < QUIET_MS ? undefined : undo(ports, batch);
    case 'intended':
      return now - state.at < QUIET_MS ? undefined : find(ports, batch, state.at);
    case 'made':
      return now - state.seenAt < UNSEEN_MS ? undefined : pollAgain(ports, batch, { ...state, seenAt: now });
    case 'undoing':
      return undo(ports, batch);
    case 'over':
      return undefined;
  }
}

/**
 * Starts another poll of a batch. The look is noted first, so that each poll has a name of its own: an execution's name is
 * used once. A poll that is gone before its first look would keep the next one from starting.
 */
async function pollAgain({ batches, polls }: CollectPorts, batch: Batch, state: Batch['state']): Promise<void> {
  const seen = moveBatch(batch, { state });
  // In conflict somebody else has looked at it.
  if ((await batches.replace(seen)) === 'replaced') await startPoll(polls, seen, `-${seen.version}`);
}

/** Starts a poll of a batch. Its name is the batch's id in the characters that the names of executions have. */
export const startPoll = (polls: CollectPorts['polls'], { id }: Batch, again = ''): Promise<void> =>
  polls.start(`${id.replace('.', '-')}${again}`, { batch: id });

/** Adopts the batch at the provider that is this one; gives the intent up when there is surely none. */
async function find(ports: CollectPorts, batch: Batch, intendedAt: number): Promise<void> {
  const known = await knownIds(ports, batch.agent);
  let undecided = false;
  for await (const there of ports.batchModel.list()) {
    if (there.createdAt < intendedAt - CLOCKS_DIFFER_MS) break;
    if (!mayBe(there, batch, intendedAt) || known.has(there.id)) continue;
    const ours = await isOurs(ports, batch, there);
    if (ours === true) return adopt(ports, batch, there.id);
    undecided ||= ours === null;
  }
  if (!undecided) await undo(ports, batch);
}

const mayBe = (there: BatchStatus, { entries }: Batch, intendedAt: number): boolean =>
  there.entries === entries.length && there.createdAt < intendedAt + QUIET_MS + CLOCKS_DIFFER_MS;

async function knownIds({ batches }: CollectPorts, agent: string): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  for await (const id of batches.open(agent)) {
    const state = (await unlessUnreadable(batches.get(id), null))?.state;
    if (state?.status === 'made') ids.add(state.providerId);
  }
  return ids;
}

/** Whose a batch is its results alone tell; null while it has none. */
async function isOurs({ batchModel }: CollectPorts, batch: Batch, there: BatchStatus): Promise<boolean | null> {
  if (there.status !== 'ended') return null;
  const customIds = new Set(batch.entries.map(({ customId }) => customId));
  for await (const { customId } of batchModel.results(there.id)) return customIds.has(customId);
  return false;
}

async function adopt(ports: CollectPorts, batch: Batch, providerId: string): Promise<void> {
  const made = moveBatch(batch, { state: { status: 'made', providerId, seenAt: ports.clock.now() } });
  if ((await ports.batches.replace(made)) === 'replaced') await startPoll(ports.polls, made);
}
