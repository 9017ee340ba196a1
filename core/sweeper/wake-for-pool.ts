import { readPool } from '../pools/pause.ts';
import { FLEET } from '../pools/pool.ts';
import { unlessUnreadable } from '../stored/record.ts';
import { apply } from '../tasks/apply.ts';
import { free } from '../tasks/progress.ts';
import { MAX_LOOK_MS, type Task } from '../tasks/task.ts';
import { roomIn, type Doors, type WaitPorts } from './still-waits.ts';

/**
 * Wakes tasks that wait for a pool that resumes, or whose breaker allows a probe, before they are due to be checked. The
 * pool decides how many, doubling every minute. Returns how many it woke: none of a pool that resumes in steps, where they
 * are put in the line of the step.
 */
export async function wakeForPool(
  ports: WaitPorts,
  agent: string,
  doors: Doors,
  timeLeft: () => boolean,
): Promise<number> {
  const room = await roomIn(ports, agent, await readPool(ports, FLEET));
  // Without a limit no task has waited for it for long: each was checked since the resume.
  if (room === 0 || room === Infinity) return 0;
  let sent = 0;
  for await (const id of ports.store.overdue(ports.clock.now() + MAX_LOOK_MS)) {
    if (!timeLeft()) break;
    const task = await unlessUnreadable(ports.store.get(id), null);
    if (task?.agent !== agent || !waitsForPool(task)) continue;
    if (await doors.isHeld(task.tenant)) continue;
    if (!(await doors.toRun(task))) break;
    if (await doors.toStep(task)) continue;
    // The message first: in the other order a crash in between would lose it.
    await ports.queue.send(task);
    await apply(ports.store, task, (current) => free(current, task, ports.clock.now()));
    sent += 1;
  }
  return sent;
}

const waitsForPool = ({ state }: Task): boolean => state.status === 'parked' && state.cause === 'paused';
