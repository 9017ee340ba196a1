import type { Agent } from '../agents/define-agent.ts';
import { unlessUnreadable } from '../stored/record.ts';
import { homeOfTask, taskIdAt } from '../regions/home.ts';
import { contentTaskId } from '../tasks/task-id.ts';
import type { Task } from '../tasks/task.ts';
import type { AwaitedMessage } from '../tasks/work-message.ts';
import type { WorkerPorts } from './ports.ts';

/** A message that comes again after a deploy belongs to the task of the version that received it first: nothing is paid twice. */
export async function acceptedEarlier(
  { store, ids, homes }: Pick<WorkerPorts, 'store' | 'ids' | 'homes'>,
  { name: agent, earlier }: Agent,
  { tenant, taskToken, runId }: AwaitedMessage,
  key: string,
): Promise<Task | null> {
  for (const { version: agentVersion } of earlier) {
    const content = contentTaskId(ids, { tenant, agent, agentVersion, key }, 0);
    const id = homes ? taskIdAt(homeOfTask(runId, homes.names), content, homes.names) : content;
    const task = await unlessUnreadable(store.get(id), null);
    if (task?.waiters.includes(taskToken)) return task;
  }
  return null;
}
