import type { Agent } from '../agents/define-agent.ts';
import { isLeftByParent } from '../delegation/wake-parent.ts';
import { failureOf, type Failure } from '../failures/failure.ts';
import { mustWait } from '../spending/refusal.ts';
import { UnreadableRecord } from '../stored/record.ts';
import { releaseInStep } from '../pools/steps.ts';
import { isRunCancelled } from '../runs/cancelled.ts';
import { held, LEASE_MS, MAX_CRASHES } from '../tasks/claim.ts';
import { withError } from '../tasks/last-error.ts';
import { advance } from '../tasks/transition.ts';
import { releasePermit } from '../tenants/cap.ts';
import { endOrPark } from './end.ts';
import { passGate } from './gate.ts';
import { afterClaim } from './owed-claim.ts';
import type { WorkerPorts } from './ports.ts';
import { takeSteps } from './take-steps.ts';
import { ClaimLost, ClaimRejected, SHARED_WITHIN_MS, type TaskHandle } from './task-handle.ts';
import type { TurnEnd } from './turn-end.ts';
import type { Disposal, WorkItem } from './work-item.ts';

/** Runs a claimed task until it ends or is parked, and keeps the claim alive meanwhile. Throws `ClaimRejected`. */
export async function runTurn(
  outside: WorkerPorts,
  agent: Agent,
  item: WorkItem,
  handle: TaskHandle,
): Promise<Disposal> {
  const ports = { ...outside, artifacts: afterClaim(outside.artifacts, handle) };
  const claimed = handle.task;
  if (item.message.type === 'task') handle.opensSession = item.message.opensSession;
  const stopHiding = hideIfLong(ports, item);
  const stopRenewing = handle.keepAlive(item.received, LEASE_MS);
  const stop = (): void => {
    stopHiding();
    stopRenewing();
  };
  try {
    const end = await untilEnd(ports, agent, handle, item).catch((error: unknown) => leftToAnother(ports, error));
    await endOrPark(ports, handle, end);
    // The claim has ended; another heartbeat would only be refused.
    stop();
    await releasePermit(ports, claimed);
    // Outside steps there is nothing to pass on, and asking again would read the pool and the fleet.
    if (handle.inStep) await releaseInStep(ports, claimed);
    return 'delete';
  } catch (error) {
    if (error instanceof ClaimRejected) throw error;
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

/** Most turns are over by then. Their messages are deleted, and need not be hidden. */
const HIDE_AFTER_MS = 1_000;

/**
 * Lets the message of a turn that takes long come back soon after this worker dies, instead of after the queue's long
 * visibility timeout. If it dies before, or this fails, the sweeper is first. Messages that have had no task are hidden
 * before: see `work`.
 */
function hideIfLong({ clock }: WorkerPorts, { message, received }: WorkItem): () => void {
  if (message.type !== 'task') return () => undefined;
  const stop = clock.every(HIDE_AFTER_MS, () => {
    stop();
    received.extend(LEASE_MS, SHARED_WITHIN_MS).catch(() => undefined);
  });
  return stop;
}

const CRASHED: Failure = {
  kind: 'crashed',
  reason: `The worker crashed ${MAX_CRASHES} times on this task. Its logs show the cause, often the memory or time limit.`,
};

/** Passes the gate and takes steps. */
async function untilEnd(ports: WorkerPorts, agent: Agent, handle: TaskHandle, item: WorkItem): Promise<TurnEnd> {
  if (handle.task.crashes >= MAX_CRASHES) return { kind: 'failed', failure: CRASHED };
  if (handle.cancelRequested) return { kind: 'cancelled' };
  if (await isRunCancelled(ports.runs, handle.task)) return { kind: 'cancelled' };
  if (await isLeftByParent(ports.store, handle.task)) return { kind: 'cancelled' };
  const passed = await passGate(ports, agent, handle);
  if (passed.kind !== 'passed') return passed;
  handle.session = passed.session;
  return takeSteps(ports, agent, handle, () => item.timeLeftMs(), passed.session);
}

/** A deploy is over, or rolled back, within minutes. */
const UNREADABLE_MS = 60_000;

/** Leaves a task that depends on a record which only another release can read (R2). No attempt is spent. */
function leftToAnother(ports: WorkerPorts, error: unknown): TurnEnd {
  if (!(error instanceof UnreadableRecord)) throw error;
  return mustWait({ cause: 'yielded', until: ports.clock.now() + UNREADABLE_MS, reason: error.message });
}

/** Records an unexpected error, such as an unreachable store, on the task if possible. */
async function noteError(ports: WorkerPorts, handle: TaskHandle, error: unknown): Promise<void> {
  const { reason } = failureOf(error);
  const now = ports.clock.now();
  await handle
    .update((task) =>
      withError(
        held(task, handle.epoch, (mine) => advance(mine, {})),
        reason,
        now,
      ),
    )
    .catch(() => undefined);
}
