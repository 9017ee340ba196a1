import { queueOf, type Task } from '../tasks/task.ts';
import { command, counted, errorsOf, isOrAre } from './commands.ts';
import { whyHeld } from './held-pool.ts';
import type { Around, Why } from './explanation.ts';

/** Most workers start within a second. A pool in which none has started for so long has a problem. */
const SLOW_START_MS = 60_000;

/** Why no worker has taken up a queued task. */
export function whyQueued(task: Task, around: Around): Why {
  const { agent, priority, state, createdAt, epoch } = task;
  // A message that is sent again moves the time of a task that nobody has claimed yet.
  const since = epoch === 0 || state.status !== 'queued' ? createdAt : state.since;
  const held = whyHeld(task, around);
  const { ahead = 0, running = 0, complete = true } = around.tasks ?? {};
  const line = { since, ahead, ...(!complete && { aheadAtLeast: true as const }) };
  if (held !== null) return { ...held, ...line };
  const before = `${counted(ahead, 'task', !complete)} of its ${queueOf(priority)} queue ${isOrAre(ahead, !complete)} ahead of it`;
  // Of a pool with more tasks than were counted, the running ones may be among the others.
  if (running > 0 || !complete) {
    const busy =
      running > 0 ? `${counted(running, 'task', !complete)} ${isOrAre(running, !complete)} running, ${before}` : before;
    const says = `It starts when a worker of the pool ${agent} is free: ${busy}.`;
    return { ...line, cause: 'workers-busy', freedBy: 'worker', says, commands: [command('pools')] };
  }
  const isSlow = around.now - since > SLOW_START_MS;
  const says = isSlow
    ? `No worker of the pool ${agent} is running, ${before}. Its function may fail to start, or the account may have no executions left.`
    : `No worker of the pool ${agent} has started yet, ${before}.`;
  return { ...line, cause: 'no-worker', freedBy: 'worker', says, commands: [errorsOf(agent), command('pools')] };
}
