import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { dynamodbTaskStore } from '#adapters/dynamodb/task-store.ts';
import { sqsPoolQueues } from '#adapters/sqs/pool-queues.ts';
import type { Priority, Task } from '#core/tasks/task.ts';
import type { SimulatedClaudeOptions } from '@agent-fleet/simulated-claude';
import { echo } from '../../systems/echo/agent.ts';
import { startLocalFleet } from './local-fleet.ts';
import { endedOf, storeTask, submitMany, waitForEnd } from './tasks.ts';

export type EchoFleet = Awaited<ReturnType<typeof startEchoFleet>>;

/** The echo pool on the local cloud. It runs 20 tasks of default priority at the same time, and ten of high priority. */
export async function startEchoFleet(options: Partial<SimulatedClaudeOptions>) {
  const fleet = await startLocalFleet({ stacks: ['echo'], claude: options });
  const table = fleet.output('echo', 'StateTable');
  const store = dynamodbTaskStore({ table, client: new DynamoDBClient(fleet.client) });
  const queue = sqsPoolQueues({ prefix: 'fleet-dev', client: new SQSClient(fleet.client) });

  /** Stores a task and sends it, as the task API does. */
  async function say(instruction: string, priority: Priority = 'default'): Promise<Task> {
    const task = await storeTask(store, { agent: echo, input: { instruction }, priority });
    await queue.send(task);
    return task;
  }
  return {
    claude: fleet.claude,
    store,
    say,
    sayMany: (count: number, priority?: Priority) => submitMany(count, () => say('hello', priority)),
    /** Returns the current state of those tasks that have ended. */
    ended: (tasks: readonly Task[]) => endedOf(store, tasks),
    /** Waits until all tasks have ended, and returns them. */
    allEnded: (tasks: readonly Task[], timeout: number) => waitForEnd(store, tasks, timeout),
    close: () => fleet[Symbol.asyncDispose](),
  };
}
