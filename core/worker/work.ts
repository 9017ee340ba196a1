import type { Agent } from '../agents/define-agent.ts';
import { failureOf, type Failure } from '../failures/failure.ts';
import type { ReceivedMessage } from '../ports/task-queue.ts';
import { watchedModel } from '../pools/watched-model.ts';
import { apply } from '../tasks/apply.ts';
import { claim, held, LEASE_MS, MAX_CRASHES } from '../tasks/claim.ts';
import { abandon } from '../tasks/finish.ts';
import { withError } from '../tasks/last-error.ts';
import { releasePermit } from '../tenants/cap.ts';
import { isTerminal, type Task, type Worker } from '../tasks/task.ts';
import { accept, type Decision } from '../tasks/transition.ts';
import { admit, type HeldUp } from './admit.ts';
import { finishOrPark } from './end.ts';
import { locate } from './locate.ts';
import type { WorkMessage } from './message.ts';
import { notifyWaiters } from './notify.ts';
import type { WorkerPorts } from './ports.ts';
import { readOnce } from './read-once.ts';
import { takeSteps, type TurnEnd } from './take-steps.ts';
import { ClaimLost, TaskHandle } from './task-handle.ts';

/** What becomes of the message: deleted, or left to come back when its visibility runs out. */
export type Disposal = 'delete' | 'keep';

/** One received message and the time the invocation has for it. */
export interface WorkItem {
  readonly message: WorkMessage;
  readonly received: ReceivedMessage;
  /** Milliseconds the invocation has left. */
  timeLeftMs(): number;
  /** Who works on it, for people. @default unknown */
  readonly worker?: Worker | undefined;
}

/**
 * The way of a message through a worker: find or make the task, claim it, pass the gate, take steps until it ends or
 * must wait, tell the waiters. The message is deleted only when nothing depends on it any more. What is thrown here (a store that is
 * down) leaves the message to come back.
 * @param earlier versions of the agent that tasks accepted by them are finished on
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
  const task = await locate(ports, agent, item.message);
  if (!task) return 'delete';
  if (isTerminal(task.state)) {
    await notifyWaiters(ports, task);
    // It may have been woken to take a place, and passes it on.
    await releasePermit(ports, task);
    return 'delete';
  }
  const holder = ports.ids.uuid();
  const now = ports.clock.now();
  const decision = await apply(ports.store, task, (current) =>
    current.deadline <= now ? abandon(current, DEADLINE, now) : claim(current, holder, now, item.worker),
  );
  if (!decision.ok) return yieldTo(ports, decision, item);
  if (isTerminal(decision.task.state)) {
    await notifyWaiters(ports, decision.task);
    await releasePermit(ports, decision.task);
    return 'delete';
  }
  ports.report(decision.task, { type: 'task.claimed', epoch: decision.task.epoch, waitedMs: now - task.createdAt });
  return hold(ports, [agent, ...earlier], item, decision.task);
}

const DEADLINE: Failure = { kind: 'deadline', reason: 'The deadline passed before the task could end.' };
const CRASHED: Failure = {
  kind: 'crashed',
  reason: `The worker died ${MAX_CRASHES} times on this task; its logs name the cause (often memory or time limit).`,
};

export function unknownVersion({ agent, agentVersion }: Task, versions: readonly Agent[]): Failure {
  const known = versions.map(({ version }) => `"${version}"`).join(', ');
  return {
    kind: 'permanent',
    reason: `The task was accepted by version "${agentVersion}" of ${agent}; this worker knows ${known}. Give agentHandler the old definition as \`earlier\`, or submit the task again.`,
  };
}

async function hold(ports: WorkerPorts, versions: readonly Agent[], item: WorkItem, claimed: Task): Promise<Disposal> {
  const handle = new TaskHandle(ports, claimed);
  // The message comes back soon after this worker dies, instead of after the queue's long visibility timeout.
  // Where it can't be told so, it comes back late, and the sweeper is first: no reason to give the claim up.
  await item.received.extend(LEASE_MS).catch(() => undefined);
  const stop = handle.keepAlive(item.received, LEASE_MS);
  try {
    await finishOrPark(ports, handle, await takeTurn(ports, versions, handle, item));
    // It holds the task no more: a heartbeat would only be refused.
    stop();
    await releasePermit(ports, claimed);
    return 'delete';
  } catch (error) {
    if (!(error instanceof ClaimLost)) {
      await noteError(ports, handle, error);
      throw error;
    }
    ports.report(handle.task, { type: 'task.claim-lost', epoch: handle.epoch });
    // The newer holder may depend on this very message.
    return 'keep';
  } finally {
    stop();
    await handle.usage.flush();
  }
}

/** An error that no rule knows, such as a store that is down: kept on the task if that works, for whoever looks at it later. */
async function noteError(ports: WorkerPorts, handle: TaskHandle, error: unknown): Promise<void> {
  const { reason } = failureOf(error);
  const now = ports.clock.now();
  await handle
    .update((task) =>
      withError(
        held(task, handle.epoch, (mine) => accept(mine, {})),
        reason,
        now,
      ),
    )
    .catch(() => undefined);
}

/** What comes of a claim: the gate lets the task take its steps, or says why not. */
async function takeTurn(
  ports: WorkerPorts,
  versions: readonly Agent[],
  handle: TaskHandle,
  item: WorkItem,
): Promise<TurnEnd | HeldUp> {
  if (handle.task.crashes >= MAX_CRASHES) return { kind: 'failed', failure: CRASHED };
  if (handle.cancelRequested) return { kind: 'cancelled' };
  const agent = versions.find(({ version }) => version === handle.task.agentVersion);
  if (!agent) return { kind: 'failed', failure: unknownVersion(handle.task, versions) };
  const admission = await admit(ports, agent, handle);
  if (admission.kind !== 'admitted') return admission;
  return takeSteps(ports, agent, handle, () => item.timeLeftMs(), admission.session);
}

/** A wake-up may seem to come early by so much, since the clock of whoever sent it is another one. */
const CLOCKS_DIFFER_MS = 1_000;

/**
 * A message that came while the task is not to be had. Where somebody holds it, this may be the message that brings it
 * back after a crash, so it is hidden until the lease could have run out; one that would wait longer is the sweeper's
 * business. Where the task is parked its wake-up is on its way, and a message kept beside it would be claimed, parked
 * and sent anew like that one: they would only ever become more.
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
