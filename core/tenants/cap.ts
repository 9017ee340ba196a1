import type { Clock } from '../ports/clock.ts';
import type { Limits } from '../ports/limits.ts';
import type { PermitStore } from '../ports/permit-store.ts';
import type { TaskQueue } from '../ports/task-queue.ts';
import type { TaskStore } from '../ports/task-store.ts';
import { unlessUnreadable } from '../stored/record.ts';
import { apply } from '../tasks/apply.ts';
import type { ParkCause } from '../tasks/park-cause.ts';
import { free as freeTask, waitOn } from '../tasks/progress.ts';
import { taskIdSchema } from '../tasks/task-id.ts';
import type { Task } from '../tasks/task.ts';
import { acquire, freeOf, noPermits, release, releaseEnded, type PermitDecision, type Permits } from './permits.ts';

/** What is needed to keep a tenant within its cap. */
export interface CapPorts {
  readonly store: Pick<TaskStore, 'get' | 'replace'>;
  readonly permits: PermitStore;
  readonly limits: Pick<Limits, 'ofTenant'>;
  readonly queue: TaskQueue;
  readonly clock: Pick<Clock, 'now'>;
  /** The cause of tasks that wait in the line. @default tenant-cap */
  readonly waitsFor?: ParkCause;
}

type Claimed = Pick<Task, 'id' | 'tenant' | 'epoch'>;

/**
 * Acquires a permit for a claimed task. `uncapped`: the tenant has no cap, and nothing is read or written.
 * @param first called before a permit is asked for @default nothing
 */
export async function acquirePermit(
  ports: CapPorts,
  { id, tenant, epoch }: Claimed,
  first: () => Promise<void> = async () => undefined,
): Promise<'uncapped' | 'taken' | 'full'> {
  const { concurrent: cap } = await ports.limits.ofTenant(tenant);
  if (cap === undefined) return 'uncapped';
  await first();
  const decision = await change(ports, tenant, (permits) => acquire(permits, id, epoch, cap));
  return !decision.ok && decision.refusal === 'full' ? 'full' : 'taken';
}

/** Releases a task's permit, if it has one, and wakes a waiting task. */
export async function releasePermit(ports: CapPorts, { id, tenant, epoch }: Claimed): Promise<void> {
  const { concurrent: cap } = await ports.limits.ofTenant(tenant);
  if (cap === undefined) return;
  await change(ports, tenant, (permits) => release(permits, id, epoch));
  await wakeWaiting(ports, tenant);
}

/** Puts a parked task in the line for a permit, and wakes it if one was released meanwhile. */
export async function waitInLine(ports: CapPorts, { id, tenant, createdAt, epoch }: Task): Promise<void> {
  await ports.permits.line(tenant, { taskId: id, createdAt, epoch });
  await wakeWaiting(ports, tenant);
}

/** Returns how many permits are free, including those of tasks that no longer run. Infinite without a cap. */
export async function freePermits(
  ports: Pick<CapPorts, 'store' | 'permits' | 'limits'>,
  tenant: string,
): Promise<number> {
  const { concurrent: cap } = await ports.limits.ofTenant(tenant);
  if (cap === undefined) return Infinity;
  const permits = await ports.permits.get(tenant);
  if (!permits || freeOf(permits, cap) > 0) return freeOf(permits ?? noPermits(tenant), cap);
  return freeOf((await change(ports, tenant, (at) => ({ ok: false, refusal: 'full', permits: at }))).permits, cap);
}

/** Wakes as many tasks as permits are free, oldest first. One too many parks again. @param most maximum @default unlimited */
export async function wakeWaiting(ports: CapPorts, tenant: string, most = Infinity): Promise<void> {
  let permits = Math.min(most, await freePermits(ports, tenant));
  while (permits > 0) {
    const line = await ports.permits.first(tenant, Math.min(permits, MAX_AT_ONCE));
    if (line.length === 0) return;
    for (const waiting of line) {
      if (await wake(ports, await unlessUnreadable(ports.store.get(waiting.taskId), null))) permits -= 1;
      // Taken out last: a crash before leaves it to whoever comes next.
      await ports.permits.unline(tenant, waiting);
    }
  }
}

/**
 * After a cap was raised or taken away: the sweeper looks at those who wait in a minute, whenever their turn would have
 * come. By then workers know of it, and the first it looks at wakes the others.
 */
export async function lookAgain(ports: Pick<CapPorts, 'store' | 'permits' | 'clock'>, tenant: string): Promise<void> {
  for (const { taskId } of await ports.permits.first(tenant, MAX_AT_ONCE)) {
    const task = await unlessUnreadable(ports.store.get(taskId), null);
    if (task) await apply(ports.store, task, (current) => waitOn(current, 0, ports.clock.now()));
  }
}

/** Woken in one go, where many permits are free at once. */
const MAX_AT_ONCE = 10;

/** False for a task that waits no more: it ended, or was woken by somebody else. */
async function wake(ports: CapPorts, task: Task | null): Promise<boolean> {
  if (!task || task.state.status !== 'parked' || task.state.cause !== (ports.waitsFor ?? 'tenant-cap')) return false;
  if (await ports.queue.serves(task.agent)) {
    await ports.queue.send(task);
    await apply(ports.store, task, (current) => freeTask(current, task, ports.clock.now()));
  } else {
    // A pool that is just being deployed: its sweeper finds it within two minutes.
    await apply(ports.store, task, (current) => waitOn(current, 0, ports.clock.now()));
  }
  return true;
}

/** Decides a rule on the newest state and writes it. If no permit is free, it first releases those of ended tasks (P3). */
async function change(
  ports: Pick<CapPorts, 'store' | 'permits'>,
  tenant: string,
  rule: (permits: Permits) => PermitDecision,
): Promise<PermitDecision> {
  let looked = false;
  for (;;) {
    const current = (await ports.permits.get(tenant)) ?? noPermits(tenant);
    let decision = rule(current);
    if (!decision.ok && decision.refusal === 'full' && !looked) {
      looked = true;
      decision = releaseEnded(current, await notRunning(ports, current));
      if (!decision.ok) return { ...decision, refusal: 'full' };
      // Written or overtaken, the rule is decided once more.
      await ports.permits.write(decision.permits);
      continue;
    }
    if (!decision.ok || (await ports.permits.write(decision.permits)) === 'written') return decision;
  }
}

/** Read after the permits: a task that comes to run later writes them first, so that this look is noticed to be old. */
async function notRunning({ store }: Pick<CapPorts, 'store'>, { holders }: Permits): Promise<ReadonlySet<string>> {
  const ids = Object.keys(holders);
  const isRunning = async (id: string): Promise<boolean> => {
    const task = await unlessUnreadable(store.get(taskIdSchema.parse(id)), 'unreadable');
    return task === 'unreadable' || task?.state.status === 'running';
  };
  const running = await Promise.all(ids.map(isRunning));
  return new Set(ids.filter((_, index) => running[index] === false));
}
