import { mayComeBack, readPool } from '../pools/pause.ts';
import { wakeHead } from '../sessions/order.ts';
import { apply } from '../tasks/apply.ts';
import { waitOn } from '../tasks/progress.ts';
import type { Task } from '../tasks/task.ts';
import { freePlaces } from '../tenants/cap.ts';
import type { NotifyPorts } from '../worker/notify.ts';
import type { WorkerPorts } from '../worker/ports.ts';

export type WaitPorts = NotifyPorts & Pick<WorkerPorts, 'places' | 'limits' | 'pools'>;

/**
 * Whether a task that is parked until somebody frees it waits rightly; then it is left alone for another while. If not,
 * it is to be sent: the wake-up was lost.
 */
export async function stillWaits(ports: WaitPorts, task: Task, door: Door): Promise<boolean> {
  const { state } = task;
  if (state.status !== 'parked') return false;
  if (!(await isHeldUp(ports, task, door))) return false;
  await apply(ports.store, task, (current) => waitOn(current, (state.looks ?? 0) + 1, ports.clock.now()));
  return true;
}

async function isHeldUp(ports: WaitPorts, { id, tenant, agent, sessionId, state }: Task, door: Door): Promise<boolean> {
  if (state.status !== 'parked') return false;
  if (state.cause === 'paused') return !(await door(agent));
  if (state.cause === 'tenant-cap') return (await freePlaces(ports, tenant)) === 0;
  if (state.cause !== 'session' || sessionId === undefined) return false;
  // Whoever is first and was not woken is woken now, whether it is this task or one before it.
  await wakeHead(ports, tenant, sessionId);
  return (await ports.sessions.get(tenant, sessionId))?.waiting.includes(id) ?? false;
}

/** Whether one more of those that wait for an agent's pool may come back in this sweep. */
export type Door = (agent: string) => Promise<boolean>;

/** A door for one sweep: a paused pool lets none back, one that resumes a few, twice as many each minute. */
export function doorOf(ports: WaitPorts): Door {
  const left = new Map<string, number>();
  return async (agent) => {
    const room = left.get(agent) ?? mayComeBack(await readPool(ports, agent), ports.clock.now());
    left.set(agent, room - 1);
    return room > 0;
  };
}
