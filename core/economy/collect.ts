import type { Agent } from '../agents/define-agent.ts';
import { inputBound } from '../agents/input-bound.ts';
import { allVersions, unknownVersion, versionFor } from '../agents/versions.ts';
import { inParallel } from '../concurrency/in-parallel.ts';
import { FailureError, isFree } from '../failures/failure.ts';
import type { BatchEntry, BatchStatus } from '../ports/batch-model.ts';
import { holdOf } from '../pools/holds.ts';
import { readPool } from '../pools/pause.ts';
import { FLEET, type Hold, type Pool } from '../pools/pool.ts';
import { isInStep } from '../pools/ramp.ts';
import { unlessUnreadable } from '../stored/record.ts';
import { leaveOutOfBatches } from '../tasks/batched.ts';
import { regionInFront } from '../tasks/task-id.ts';
import { waitsForBatch, type Task } from '../tasks/task.ts';
import { customIdOf, moveBatch, type Batch, type Entry } from './batch.ts';
import { gather } from './gather.ts';
import type { CollectPorts } from './ports.ts';
import { recover, startPoll } from './recover.ts';
import { applied, giveAllBack, undo } from './undo.ts';

/** Entries of a batch, at most: their gathering takes seconds, and the batch's item a quarter of what one can hold. */
const MAX_ENTRIES = 500;
/** Bytes of a batch's requests, at most; the provider takes 256 MB, a function's memory less. */
const MAX_BYTES = 32 * 1024 * 1024;
/** Tasks that are gathered at the same time. */
const AT_ONCE = 10;

export interface CollectCounts {
  /** Batches made. */
  readonly batches: number;
  /** Calls that lie in them. */
  readonly entries: number;
}

/**
 * Collects an agent's economy tasks into batches, those whose deadline is first first.
 * 1. The intent, with its tasks, is written before anything else, and again before the batch is made: what an earlier
 *    collector left behind is taken up first, so that no call is paid twice and none is forgotten (I1, I3).
 * 2. A call is reserved on all its budgets before the batch is made (I4).
 * 3. A pool that does not run begins nothing (I13).
 * 4. The tasks of a batch have one home, and so has the batch: whoever takes the home over goes on with both.
 * @param agents the agent, and those by which earlier tasks were accepted
 * @param timeLeft whether there is time for another batch
 */
export async function collect(
  ports: CollectPorts,
  agents: readonly [Agent, ...Agent[]],
  timeLeft: () => boolean,
): Promise<CollectCounts> {
  const [{ name }] = agents;
  const { clock } = ports;
  await recover(ports, name);
  const [pool, fleet] = await Promise.all([readPool(ports, name), readPool(ports, FLEET)]);
  // Homes that gave nothing, such as those whose inputs cannot be read here.
  const passed = new Set<string>();
  let counts: CollectCounts = { batches: 0, entries: 0 };
  if ([pool, fleet].some((hold) => !isOpenTo(hold, clock.now()))) return counts;
  while (timeLeft()) {
    const all = await waitingTasks(ports, name, allVersions(agents), fleet, passed);
    const home = homeNameOf(all[0]?.task);
    const waiting = all.filter(({ task }) => homeNameOf(task) === home);
    if (waiting.length === 0) break;
    const entries = await collectOne(ports, name, waiting);
    if (entries === 0) passed.add(home);
    else counts = { batches: counts.batches + 1, entries: counts.entries + entries };
    if (all.length < MAX_ENTRIES && waiting.length === all.length) break;
  }
  return counts;
}

/** The home's name in front of the id. */
const homeNameOf = (task: Task | undefined): string => regionInFront(task?.id ?? '');

/** A batch has many tasks at once, so none is made during the steps of a resume. */
const isOpenTo = ({ state, ramp }: Hold, now: number): boolean =>
  (state.status === 'active' || state.status === 'resuming') && !isInStep(ramp, now);

/** A task that waits for a batch, with the version of the agent that accepted it. */
interface Waiting {
  readonly task: Task;
  readonly agent: Agent;
}

/**
 * The most urgent tasks whose time has come. What is past its deadline is the sweeper's. What another version accepted
 * is left to a collector that has it, and takes nobody's place.
 */
async function waitingTasks(
  ports: CollectPorts,
  name: string,
  versions: readonly Agent[],
  fleet: Pool,
  passed: ReadonlySet<string>,
): Promise<readonly Waiting[]> {
  const { store, clock } = ports;
  const waiting: Waiting[] = [];
  const now = clock.now();
  for await (const id of store.waitingForBatch(name)) {
    const task = await unlessUnreadable(store.get(id), null);
    if (!task || passed.has(homeNameOf(task)) || !waitsForBatch(task) || task.state.status !== 'parked') continue;
    if (task.state.until > now || task.deadline <= now || !isOpenTo(holdOf(fleet, task.tenant), now)) continue;
    const agent = versionFor(versions, task);
    if (!agent) await leaveToVersion(ports, versions, task);
    else if (waiting.push({ task, agent }) === MAX_ENTRIES) break;
  }
  return waiting;
}

/** Each collector that meets the task reports it, so that an alarm sees how long it lasts. The task is written once. */
async function leaveToVersion(ports: CollectPorts, versions: readonly Agent[], task: Task): Promise<void> {
  const left = await applied(ports, task, (current) => leaveOutOfBatches(current, 'agent-version'));
  const { state } = left ?? task;
  if (state.status !== 'parked') return;
  const reason = unknownVersion(versions, task);
  ports.report(task, { type: 'task.parked', cause: 'agent-version', until: state.until, reason });
}

/** @returns how many calls lie in the batch that was made; 0 where none was */
async function collectOne(ports: CollectPorts, agent: string, waiting: readonly Waiting[]): Promise<number> {
  const { batches, clock, ids } = ports;
  const batch: Batch = {
    id: `${homeNameOf(waiting[0]?.task)}batch-${ids.uuid()}`,
    agent,
    begunAt: clock.now(),
    version: 1,
    entries: waiting.map((one) => entryOf(ports, one)),
    state: { status: 'gathering' },
  };
  await batches.create(batch);
  const gathered = await gatherAll(ports, batch, waiting);
  if (gathered.length === 0) {
    await undo(ports, batch);
    return 0;
  }
  const made = new Set(gathered.map(({ customId }) => customId));
  const entries = batch.entries.filter(({ customId }) => made.has(customId));
  const intended = moveBatch(batch, { entries, state: { status: 'intended', at: clock.now() } });
  if ((await batches.replace(intended)) === 'conflict') {
    // Another collector took this one for dead, and gave back what lay in the batch by then.
    await giveAllBack(ports, intended);
    return 0;
  }
  const there = await make(ports, intended, gathered);
  if (there === null) return 0;
  await noteMade(ports, intended, there.id);
  return gathered.length;
}

/** Makes the batch; null where the provider throttles. Where it may have been made all the same, the next collector looks for it. */
async function make(
  ports: CollectPorts,
  intended: Batch,
  gathered: readonly BatchEntry[],
): Promise<BatchStatus | null> {
  try {
    return await ports.batchModel.create(gathered);
  } catch (error) {
    if (surelyNotMade(error)) await undo(ports, intended);
    if (error instanceof FailureError && error.failure.kind === 'throttled') return null;
    throw error;
  }
}

/** Whether a creation that failed so surely made nothing. */
const surelyNotMade = (error: unknown): boolean => error instanceof FailureError && isFree(error.failure);

async function noteMade({ batches, clock, polls }: CollectPorts, intended: Batch, providerId: string): Promise<void> {
  const made = moveBatch(intended, { state: { status: 'made', providerId, seenAt: clock.now() } });
  // In conflict a later collector has found it already.
  if ((await batches.replace(made)) === 'replaced') await startPoll(polls, made);
}

async function gatherAll(
  ports: CollectPorts,
  batch: Batch,
  waiting: readonly Waiting[],
): Promise<readonly BatchEntry[]> {
  let bytes = 0;
  const untilFull = function* (): Generator<Waiting> {
    for (const one of waiting) {
      if (bytes >= MAX_BYTES) return;
      yield one;
    }
  };
  const gatherOne = async ({ task, agent }: Waiting): Promise<BatchEntry | null> => {
    const entry = await gather(ports, agent, batch, task);
    if (entry) bytes += inputBound(entry.request);
    return entry;
  };
  const gathered = await inParallel(untilFull(), gatherOne, AT_ONCE);
  return gathered.flatMap((entry) => entry ?? []);
}

const entryOf = ({ catalogue }: CollectPorts, { task, agent }: Waiting): Entry => ({
  taskId: task.id,
  customId: customIdOf(task),
  model: catalogue.tiers[agent.tier],
});
