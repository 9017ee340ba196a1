import type { Agent } from '../agents/define-agent.ts';
import type { Failure } from '../failures/failure.ts';
import { mayRun } from '../pools/gate.ts';
import { isCanary } from '../regions/canary.ts';
import { acquireInStep, waitForStep } from '../pools/steps.ts';
import { positionOf, wakeHead } from '../sessions/order.ts';
import { MAX_WAITING, openedSession, type Session } from '../sessions/session.ts';
import { mustWait } from '../spending/refusal.ts';
import type { ParkCause } from '../tasks/park-cause.ts';
import { acquirePermit, waitInLine } from '../tenants/cap.ts';
import type { WorkerPorts } from './ports.ts';
import type { TaskHandle } from './task-handle.ts';
import type { TurnEnd } from './turn-end.ts';

/** A task that may take its first step. */
export interface Passed {
  readonly kind: 'passed';
  /** The conversation it goes on from; null without a session. */
  readonly session: Session | null;
}

/**
 * The gate between the claim and the first step.
 * 1. Every claim passes it, so a message that comes early, late or twice changes only the time.
 * 2. After the task is parked, the cause is checked again, so that no wake-up is missed in between.
 * 3. An owed claim is written before anything that others see: a probe of the pool or a permit. An entry in the session
 *    can be made without it.
 * 4. A canary waits for nothing. Otherwise a pause of the fleet would look like the loss of all its regions.
 */
export async function passGate(ports: WorkerPorts, agent: Agent, handle: TaskHandle): Promise<Passed | TurnEnd> {
  if (isCanary(handle.task.id)) {
    handle.inStep = false;
    return { kind: 'passed', session: null };
  }
  const claimFirst = () => handle.writeClaim();
  const closed = await mayRun(ports, { ...handle.task, agent: agent.name }, claimFirst);
  // The sweeper requeues the tasks that wait for a pool, a few at a time.
  if (closed) return heldUp(ports, 'paused', closed.heldUp);
  const session = await inSession(ports, handle);
  if (session && 'kind' in session) return session;
  // Last, so that no task holds a permit while it waits for something else.
  const step = await acquireInStep(ports, handle.task, claimFirst);
  if (step === 'outside') handle.inStep = false;
  else if (step) return overStep(ports, handle, step.full);
  if ((await acquirePermit(ports, handle.task, claimFirst)) === 'full') return overCap(ports, handle);
  return { kind: 'passed', session };
}

/** Its session, if it is first there. */
async function inSession(ports: WorkerPorts, handle: TaskHandle): Promise<Session | null | TurnEnd> {
  const { task } = handle;
  const { id, tenant, sessionId } = task;
  if (sessionId === undefined) return null;
  const now = ports.clock.now();
  const opened = openedSession({ ...task, sessionId }, handle.opensSession, now);
  handle.sessionSeenAt = opened ? task.createdAt : now;
  if (opened) return opened;
  const position = await positionOf(ports, { ...task, sessionId });
  if (position === 'full') return { kind: 'failed', failure: tooMany(sessionId) };
  if (position.first) return position.session;
  const before = position.session.waiting.indexOf(id);
  const reason = `${before} tasks of session ${sessionId} must finish first.`;
  return heldUp(ports, 'session', reason, () => wakeHead(ports, tenant, sessionId));
}

function overCap(ports: WorkerPorts, { task }: TaskHandle): TurnEnd {
  const reason = `Tenant ${task.tenant} already runs as many tasks as its concurrency limit allows.`;
  return heldUp(ports, 'tenant-cap', reason, () => waitInLine(ports, task));
}

/** A task that finds its tenant's cap reached afterwards returns the permit of the step when it is parked. */
function overStep(ports: WorkerPorts, { task }: TaskHandle, limit: number): TurnEnd {
  const reason = `Pool ${task.agent} resumes in steps and already runs ${limit} tasks, its limit for now.`;
  return heldUp(ports, 'paused', reason, () => waitForStep(ports, task));
}

const heldUp = ({ clock }: WorkerPorts, cause: ParkCause, reason: string, recheck?: () => Promise<void>): TurnEnd => ({
  ...mustWait({ cause, until: clock.now(), reason }),
  ...(recheck && { recheck }),
});

const tooMany = (sessionId: string): Failure => ({
  kind: 'permanent',
  reason: `Session ${sessionId} already has ${MAX_WAITING} tasks waiting, the maximum. Wait for some of them to end, or use another session.`,
});
