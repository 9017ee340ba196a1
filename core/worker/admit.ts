import type { Agent } from '../agents/define-agent.ts';
import type { Failure } from '../failures/failure.ts';
import { mayRun } from '../pools/gate.ts';
import { placeOf, wakeHead } from '../sessions/order.ts';
import { MAX_WAITING, type Session } from '../sessions/session.ts';
import { acquirePermit, waitInLine } from '../tenants/cap.ts';
import type { ParkCause } from '../tasks/task.ts';
import type { WorkerPorts } from './ports.ts';
import type { TaskHandle } from './task-handle.ts';

/** What the gate says of a claimed task: it may take its turn, it fails, or it is parked until somebody frees it. */
export type Admission = Admitted | { readonly kind: 'failed'; readonly failure: Failure } | HeldUp;

export interface Admitted {
  readonly kind: 'admitted';
  /** The conversation it goes on from; null without a session. */
  readonly session: Session | null;
}

export interface HeldUp {
  readonly kind: 'held-up';
  readonly cause: ParkCause;
  readonly reason: string;
  /**
   * To be called once it is parked: whoever freed it just before found it still running and woke nobody, so it is
   * looked at once more.
   */
  readonly recheck: () => Promise<void>;
}

/**
 * The gate between the claim and the first step.
 * 1. It is asked at each claim, so that a message that comes early, late or twice changes nothing but the time.
 * 2. What lets a task wait is looked at again after the task was parked, so that no wake-up falls in between.
 */
export async function admit(ports: WorkerPorts, agent: Agent, handle: TaskHandle): Promise<Admission> {
  const closed = await mayRun(ports, agent.name, handle.task.id);
  // Nobody wakes it: the sweeper brings back who waits for a pool, a few at a time.
  if (closed) return { kind: 'held-up', cause: 'paused', reason: closed.heldUp, recheck: async () => undefined };
  const session = await inSession(ports, handle);
  if (session && 'kind' in session) return session;
  // Last, so that no task holds a place while it waits for something else.
  if ((await acquirePermit(ports, handle.task)) === 'full') return overCap(ports, handle);
  return { kind: 'admitted', session };
}

/** Its session, if it is first there. */
async function inSession(
  ports: WorkerPorts,
  { task }: TaskHandle,
): Promise<Session | null | Exclude<Admission, Admitted>> {
  const { id, tenant, sessionId } = task;
  if (sessionId === undefined) return null;
  const place = await placeOf(ports, { ...task, sessionId });
  if (place === 'full') return { kind: 'failed', failure: tooMany(sessionId) };
  if (place.first) return place.session;
  return {
    kind: 'held-up',
    cause: 'session',
    reason: `${place.session.waiting.indexOf(id)} tasks of session ${sessionId} are before it.`,
    recheck: () => wakeHead(ports, tenant, sessionId),
  };
}

function overCap(ports: WorkerPorts, handle: TaskHandle): HeldUp {
  return {
    kind: 'held-up',
    cause: 'tenant-cap',
    reason: `Tenant ${handle.task.tenant} runs as many tasks as it may at once.`,
    recheck: () => waitInLine(ports, handle.task),
  };
}

const tooMany = (sessionId: string): Failure => ({
  kind: 'permanent',
  reason: `Session ${sessionId} has ${MAX_WAITING} tasks waiting, the most there can be: wait for some, or use another session.`,
});
