import { wakeHead } from '../sessions/order.ts';
import { apply } from '../tasks/apply.ts';
import { waitOn } from '../tasks/progress.ts';
import type { Task } from '../tasks/task.ts';
import { freePlaces } from '../tenants/cap.ts';
import type { NotifyPorts } from '../worker/notify.ts';
import type { WorkerPorts } from '../worker/ports.ts';

export type WaitPorts = NotifyPorts & Pick<WorkerPorts, 'places' | 'limits'>;

/**
 * Whether a task that is parked until somebody frees it waits rightly; then it is left alone for another while. If not,
 * it is to be sent: the wake-up was lost.
 */
export async function stillWaits(ports: WaitPorts, task: Task): Promise<boolean> {
  const { state } = task;
  if (state.status !== 'parked') return false;
  if (!(await isHeldUp(ports, task))) return false;
  await apply(ports.store, task, (current) => waitOn(current, (state.looks ?? 0) + 1, ports.clock.now()));
  return true;
}

async function isHeldUp(ports: WaitPorts, { id, tenant, sessionId, state }: Task): Promise<boolean> {
  if (state.status !== 'parked') return false;
  if (state.cause === 'tenant-cap') return (await freePlaces(ports, tenant)) === 0;
  if (state.cause !== 'session' || sessionId === undefined) return false;
  // Whoever is first and was not woken is woken now, whether it is this task or one before it.
  await wakeHead(ports, tenant, sessionId);
  return (await ports.sessions.get(tenant, sessionId))?.waiting.includes(id) ?? false;
}
