import type { PoolStore } from '../ports/pool-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { Limits } from '../ports/limits.ts';
import { unlessUnreadable } from '../stored/record.ts';
import type { Task } from '../tasks/task.ts';
import { acquirePermit, releasePermit, waitInLine, wakeWaiting, type CapPorts } from '../tenants/cap.ts';
import { holdOf } from './holds.ts';
import { FLEET } from './pool.ts';
import { ANY_AGENT, limitAt } from './ramp.ts';

/** What is needed to keep a pool that resumes within its step. */
export interface StepPorts extends CapPorts {
  readonly pools: Pick<PoolStore, 'view'>;
}

type Claimed = Pick<Task, 'id' | 'agent' | 'epoch' | 'createdAt'>;

/** How many tasks of an agent may run at once while its pool, or the fleet, resumes in steps. Infinite otherwise. */
async function limitOf({ pools, clock }: Pick<StepPorts, 'pools' | 'clock'>, agent: string): Promise<number> {
  const [pool, fleet] = await Promise.all([pools.view(agent), pools.view(FLEET)]);
  const now = clock.now();
  return Math.min(limitAt(pool?.ramp, agent, now), limitAt(fleet?.ramp, agent, now));
}

/** No tenant has this name. So permits and lines are those of tenants, with their rules (P1 to P3). */
const scopeOf = (agent: string): string => `pool/${agent}`;

/** The ports under which a pool's step is a cap. Tasks that wait for it wait for their pool. */
const within = (ports: StepPorts, limit: number): CapPorts => ({
  ...ports,
  limits: { ofTenant: async () => ({ concurrent: limit }) },
  waitsFor: 'paused',
});

/**
 * Acquires a permit of the pool's step for a claimed task; null if it has one. `outside`: the pool is in no step, and
 * nothing is written.
 * @param first called before a permit is asked for @default nothing
 */
export async function acquireInStep(
  ports: StepPorts,
  task: Claimed,
  first?: () => Promise<void>,
): Promise<{ readonly full: number } | 'outside' | null> {
  const limit = await limitOf(ports, task.agent);
  if (limit === Infinity) return 'outside';
  const outcome = await acquirePermit(within(ports, limit), { ...task, tenant: scopeOf(task.agent) }, first);
  return outcome === 'full' ? { full: limit } : null;
}

/** Releases the permit, if the pool is in a step, and wakes a task that waits for one. */
export async function releaseInStep(ports: StepPorts, task: Claimed): Promise<void> {
  // A claim that could not read its pool has no permit.
  const limit = await unlessUnreadable(limitOf(ports, task.agent), Infinity);
  if (limit !== Infinity) await releasePermit(within(ports, limit), { ...task, tenant: scopeOf(task.agent) });
}

/** Puts a parked task in the line of its pool's step, and wakes it if a permit was released meanwhile. */
export async function waitForStep(ports: StepPorts, task: Task): Promise<void> {
  const limit = await limitOf(ports, task.agent);
  if (limit !== Infinity) await waitInLine(within(ports, limit), { ...task, tenant: scopeOf(task.agent) });
}

/** Puts a parked task in the line of its pool's step. False outside steps, where there is no line. */
export async function lineForStep(ports: StepPorts, task: Claimed): Promise<boolean> {
  const { id: taskId, agent, createdAt, epoch } = task;
  if ((await limitOf(ports, agent)) === Infinity) return false;
  await ports.permits.line(scopeOf(agent), { taskId, createdAt, epoch });
  return true;
}

/** Wakes as many tasks in the line of a pool's step as it has permits free, oldest first. */
export async function wakeForStep(ports: StepPorts, agent: string): Promise<void> {
  const limit = await limitOf(ports, agent);
  if (limit !== Infinity) await wakeWaiting(within(ports, limit), scopeOf(agent));
}

/** The limits of tenants, where one that resumes in steps runs no more tasks at once than its step allows (I12, I13). */
export function limitsInSteps(
  limits: Limits,
  { pools, clock }: { readonly pools: Pick<PoolStore, 'view'>; readonly clock: Pick<Clock, 'now'> },
): Limits {
  return {
    ...limits,
    async ofTenant(tenant) {
      const [own, fleet] = await Promise.all([limits.ofTenant(tenant), pools.view(FLEET)]);
      const limit = limitAt(holdOf(fleet, tenant).ramp, ANY_AGENT, clock.now());
      return limit === Infinity ? own : { ...own, concurrent: Math.min(own.concurrent ?? Infinity, limit) };
    },
  };
}
