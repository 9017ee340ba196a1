import type { Agent } from '../agents/define-agent.ts';
import { allVersions, unknownVersion, versionFor } from '../agents/versions.ts';
import { notifyWaiters } from '../ending/notify.ts';
import { releaseInStep } from '../pools/steps.ts';
import { watchedModel } from '../pools/watched-model.ts';
import { apply } from '../tasks/apply.ts';
import { awaitVersion } from '../tasks/await-version.ts';
import { claim, LEASE_MS } from '../tasks/claim.ts';
import { expire } from '../tasks/finish.ts';
import { readOnce } from '../tasks/input.ts';
import { isTerminal, type Task } from '../tasks/task.ts';
import type { Decision } from '../tasks/transition.ts';
import { releasePermit } from '../tenants/cap.ts';
import { recordWaits, tracedTurn } from '../tracing/turn.ts';
import { sendLater } from './end.ts';
import { locate } from './locate.ts';
import { mayOweClaim, owedClaim, reportClaim, type OwedClaim } from './owed-claim.ts';
import { artifactsOf } from './objects-elsewhere.ts';
import type { WorkerPorts } from './ports.ts';
import { runTurn } from './run-turn.ts';
import { ClaimRejected, TaskHandle } from './task-handle.ts';
import type { Disposal, WorkItem } from './work-item.ts';

/**
 * Processes one message: finds or creates the task, claims it, and runs a turn until the task ends or must wait. The
 * message is deleted only when nothing depends on it. After an error, such as an unreachable store, it comes back. The claim
 * of a new task is part of the first write of its turn. If another worker was first, it starts over.
 * @param earlier versions that finish the tasks they accepted, in addition to the agent's own `earlier`
 */
export async function work(
  outside: WorkerPorts,
  agent: Agent,
  item: WorkItem,
  earlier: readonly Agent[] = [],
): Promise<Disposal> {
  const ports = {
    ...outside,
    artifacts: readOnce(outside.artifacts),
    model: watchedModel(outside, agent.name),
  };
  const found = await locateHidden(ports, agent, item);
  if (!found) return 'delete';
  if (found === 'later') {
    await item.received.extend(CANCEL_MS);
    return 'keep';
  }
  if (isTerminal(found.state)) return followUp(ports, found);
  const versions = allVersions([agent, ...earlier]);
  const version = versionFor(versions, found);
  const holder = ports.ids.uuid();
  const now = ports.clock.now();
  const turnOf = (as: Agent, claimed: Task, owed: OwedClaim | null): Promise<Disposal> =>
    tracedTurn(ports, { found, claimed }, (traced) => {
      if (owed === null) reportClaim(traced, claimed);
      const inTurn = { ...traced, artifacts: artifactsOf(traced, claimed.id) };
      return runTurn(inTurn, as, item, new TaskHandle(inTurn, claimed, owed));
    });
  if (version && mayOweClaim(item, found, now)) {
    const owed = owedClaim(ports, found, holder, item.worker);
    try {
      return await turnOf(version, owed.claimed, owed);
    } catch (error) {
      if (!(error instanceof ClaimRejected)) throw error;
      return work(outside, agent, { ...item, isFirst: false }, earlier);
    }
  }
  const decision = await apply(ports.store, found, (current) => {
    if (current.deadline <= now) return expire(current, now);
    if (!version) return awaitVersion(current, { now, random: ports.ids.random(), worker: item.worker });
    return claim(current, holder, now, item.worker);
  });
  const { task } = decision;
  if (!decision.ok) return yieldTo(ports, decision, item);
  if (isTerminal(task.state)) return followUp(ports, task);
  if (version) return turnOf(version, task, null);
  recordWaits(ports, { found, claimed: task });
  return leaveToVersion(ports, task, unknownVersion(versions, task));
}

/** Locates the task, and hides the message meanwhile. */
async function locateHidden(ports: WorkerPorts, agent: Agent, item: WorkItem): ReturnType<typeof locate> {
  const hidden = hideBriefly(item);
  try {
    return await locate(ports, agent, item.message);
  } finally {
    await hidden;
  }
}

/**
 * A message that a state machine waits for has no task yet, so the sweeper could not send it again. If this worker dies
 * before it has accepted the task, the message comes back after a lease instead of the queue's long visibility timeout.
 * If that fails, it comes back late, which is no reason to stop.
 */
async function hideBriefly({ message, received }: WorkItem): Promise<void> {
  if (message.type !== 'task') await received.extend(LEASE_MS).catch(() => undefined);
}

/** Follows up on a task that has ended. It may have been woken to acquire a permit, and passes it on. */
async function followUp(ports: WorkerPorts, ended: Task): Promise<Disposal> {
  await notifyWaiters(ports, ended);
  await releasePermit(ports, ended);
  await releaseInStep(ports, ended);
  return 'delete';
}

/** Sends the message that brings back a task which waits for its version. The permit that it may have had is passed on (I12). */
async function leaveToVersion(ports: WorkerPorts, task: Task, reason: string): Promise<Disposal> {
  if (task.state.status === 'parked') await sendLater(ports, task, task.state, reason);
  await releasePermit(ports, task);
  await releaseInStep(ports, task);
  return 'delete';
}

/** A running task that was cancelled ends within this time. */
const CANCEL_MS = 5_000;

/** A wake-up may seem to come early by this much, because clocks differ. */
const CLOCKS_DIFFER_MS = 1_000;

/**
 * Handles a message whose task cannot be claimed. If another worker holds the task, the message may be the one that
 * recovers it after a crash, so it stays hidden until the lease can have run out; for longer waits the sweeper sends
 * another. If the task is parked, its wake-up is on its way: keeping this message too would multiply messages.
 */
async function yieldTo(
  ports: WorkerPorts,
  { task, refusal }: Extract<Decision, { ok: false }>,
  { received }: WorkItem,
): Promise<Disposal> {
  ports.report(task, { type: 'task.claim-refused', refusal });
  const { state } = task;
  const freeAt = state.status === 'running' ? state.leaseUntil : state.status === 'parked' ? state.until : null;
  if (freeAt === null) {
    await notifyWaiters(ports, task);
    return 'delete';
  }
  if (state.status === 'parked' && state.cause === 'batch') return 'delete';
  const waitMs = freeAt - ports.clock.now();
  if (waitMs > (state.status === 'parked' ? CLOCKS_DIFFER_MS : LEASE_MS)) return 'delete';
  await received.extend(Math.max(0, waitMs) + 1_000);
  return 'keep';
}
