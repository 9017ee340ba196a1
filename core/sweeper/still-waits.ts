import { isOver } from '../delegation/children.ts';
import { leaveLostBatch } from '../economy/lost.ts';
import type { EndingPorts } from '../ending/ports.ts';
import { heldByFleet } from '../pools/holds.ts';
import { mayComeBack, readPool, type PoolPorts } from '../pools/pause.ts';
import { FLEET, type Pool } from '../pools/pool.ts';
import { lineForStep, wakeForStep } from '../pools/steps.ts';
import type { BatchStore } from '../ports/batch-store.ts';
import { wakeHead } from '../sessions/order.ts';
import { apply } from '../tasks/apply.ts';
import { waitOn } from '../tasks/progress.ts';
import type { Task } from '../tasks/task.ts';
import { freePermits, wakeWaiting, type CapPorts } from '../tenants/cap.ts';
import { endOverdueHead } from './overdue-head.ts';

export interface WaitPorts extends EndingPorts, Pick<CapPorts, 'permits' | 'limits'>, Pick<PoolPorts, 'pools'> {
  readonly batches: Pick<BatchStore, 'get'>;
}

/**
 * Whether a task that is parked until somebody frees it waits rightly; then it is left alone for another while. If not,
 * it is to be sent: the wake-up was lost.
 */
export async function stillWaits(ports: WaitPorts, task: Task, doors: Doors): Promise<boolean> {
  const { state } = task;
  if (state.status !== 'parked') return false;
  if (!(await isHeldUp(ports, task, doors))) return false;
  await apply(ports.store, task, (current) => waitOn(current, (state.looks ?? 0) + 1, ports.clock.now()));
  return true;
}

async function isHeldUp(ports: WaitPorts, task: Task, doors: Doors): Promise<boolean> {
  const { id, tenant, sessionId, state } = task;
  if (state.status !== 'parked') return false;
  if (state.cause === 'batch') {
    // No message helps it: what lies in no batch any more waits for the next one.
    await leaveLostBatch(ports, task);
    return true;
  }
  if (state.detail === 'delegated') return task.delegation !== undefined && !(await isOver(ports, task.delegation));
  if (state.cause === 'paused') return (await doors.toStep(task)) || !(await doors.toRun(task));
  if (state.cause === 'tenant-cap') return overCap(ports, task, doors);
  if (state.cause !== 'session' || sessionId === undefined) return false;
  // Whoever is first and was not woken is woken now, whether it is this task or one before it.
  await endOverdueHead(ports, tenant, sessionId);
  await wakeHead(ports, tenant, sessionId);
  return (await ports.sessions.get(tenant, sessionId))?.waiting.includes(id) ?? false;
}

/** Where places are free, the line is woken: its cap was raised, or a wake-up lost. */
async function overCap(ports: WaitPorts, { id, tenant, createdAt, epoch }: Task, doors: Doors): Promise<boolean> {
  if ((await freePermits(ports, tenant)) === 0) return true;
  // A worker may have died before it put the task there.
  await ports.permits.line(tenant, { taskId: id, createdAt, epoch });
  await doors.wakeLine(tenant);
  return true;
}

/** What one sweep may let back: asked for each task of those that wait. */
export interface Doors {
  /** Whether the fleet or its tenant is paused, and with it every task of the tenant. */
  isHeld(tenant: string): Promise<boolean>;
  /** Whether a task that waits for its pool may come back: none to a paused one, few to one that resumes. */
  toRun(task: Pick<Task, 'agent' | 'tenant'>): Promise<boolean>;
  /** Puts a task in the line of the step in which its pool works. False if there is none, or the task is held up. */
  toStep(task: Task): Promise<boolean>;
  /** Wakes as many as the steps of these pools have places free, once all are in line. */
  wakeSteps(): Promise<void>;
  /** Wakes who waits for a tenant's places, once a sweep: as many as are free. */
  wakeLine(tenant: string): Promise<void>;
}

/** How many tasks that wait for an agent's pool may come back now: its own resume counts, the fleet's, and tenants'. */
export async function roomIn(ports: Pick<WaitPorts, 'pools' | 'clock'>, agent: string, fleet: Pool): Promise<number> {
  const now = ports.clock.now();
  // Tasks of a tenant that is paused are left out one by one.
  const tenants = Object.values(fleet.tenants ?? {}).filter(({ state }) => state.status === 'resuming');
  const holds = [await readPool(ports, agent), fleet, ...tenants];
  return Math.min(...holds.map((hold) => mayComeBack(hold, now)));
}

/** So many of a tenant that has no cap any more come back with each sweep. */
const MAX_WOKEN = 1_000;

const isWorking = ({ status }: Pool['state']): boolean => status === 'active' || status === 'resuming';

export function openDoors(ports: WaitPorts): Doors {
  const left = new Map<string, number>();
  const lines = new Map<string, Promise<void>>();
  let read: Promise<Pool> | undefined;
  const fleet = (): Promise<Pool> => (read ??= readPool(ports, FLEET));
  const working = new Map<string, Promise<boolean>>();
  const works = (agent: string): Promise<boolean> => {
    const known = working.get(agent) ?? readPool(ports, agent).then(({ state }) => isWorking(state));
    working.set(agent, known);
    return known;
  };
  const inSteps = new Set<string>();
  const isHeld = async (tenant: string): Promise<boolean> => heldByFleet(await fleet(), tenant) !== null;
  return {
    isHeld,
    async toRun({ agent, tenant }) {
      if (await isHeld(tenant)) return false;
      const room = left.get(agent) ?? (await roomIn(ports, agent, await fleet()));
      left.set(agent, room - 1);
      return room > 0;
    },
    async toStep(task) {
      const { agent, tenant } = task;
      // An open breaker lets one task back, and a pause none, whatever the step.
      if ((await isHeld(tenant)) || !(await works(agent)) || !(await lineForStep(ports, task))) return false;
      inSteps.add(agent);
      return true;
    },
    async wakeSteps() {
      for (const agent of inSteps) await wakeForStep(ports, agent);
    },
    wakeLine(tenant) {
      const woken = lines.get(tenant) ?? wakeWaiting(ports, tenant, MAX_WOKEN);
      lines.set(tenant, woken);
      return woken;
    },
  };
}
