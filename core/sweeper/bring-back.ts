import { mayComeBack, readPool } from '../pools/pause.ts';
import { apply } from '../tasks/apply.ts';
import { free } from '../tasks/progress.ts';
import { MAX_LOOK_MS, type Task } from '../tasks/task.ts';
import type { Doors, WaitPorts } from './still-waits.ts';

/**
 * Sends those who wait for a pool that resumes, or whose breaker lets one try, before their turn to be looked at comes:
 * as many as the pool's door lets through, twice as many each minute. Answers with how many.
 */
export async function bringBack(
  ports: WaitPorts,
  agent: string,
  doors: Doors,
  timeLeft: () => boolean,
): Promise<number> {
  const room = mayComeBack(await readPool(ports, agent), ports.clock.now());
  // Without a limit nobody has waited for it for long: each has had its turn since the resume.
  if (room === 0 || room === Infinity) return 0;
  let sent = 0;
  for await (const id of ports.store.overdue(ports.clock.now() + MAX_LOOK_MS)) {
    if (!timeLeft()) break;
    const task = await ports.store.get(id);
    if (task?.agent !== agent || !waitsForPool(task)) continue;
    if (!(await doors.toPool(agent))) break;
    // First the message: the other way round a crash in between would lose it.
    await ports.queue.send(task);
    await apply(ports.store, task, (current) => free(current, task, ports.clock.now()));
    sent += 1;
  }
  return sent;
}

const waitsForPool = ({ state }: Task): boolean => state.status === 'parked' && state.cause === 'paused';
