import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { vi } from 'vitest';
import { dynamodbTaskStore } from '#adapters/dynamodb/task-store.ts';
import { nodeIds } from '#adapters/node/ids.ts';
import { sqsPoolQueues } from '#adapters/sqs/pool-queues.ts';
import { submit } from '#core/tasks/submit.ts';
import { isTerminal, type Priority, type Task } from '#core/tasks/task.ts';
import type { SimulatedClaudeOptions } from '@agent-fleet/simulated-claude';
import { echo } from '../../systems/echo/agent.ts';
import { startLocalFleet } from './local-fleet.ts';

export type EchoFleet = Awaited<ReturnType<typeof startEchoFleet>>;

/** The echo's pool on the local cloud: 20 tasks at once of default priority, ten of high. */
export async function startEchoFleet(options: Partial<SimulatedClaudeOptions>) {
  const fleet = await startLocalFleet({ stacks: ['echo'], claude: options });
  const table = fleet.output('echo', 'StateTable');
  const store = dynamodbTaskStore({ table, client: new DynamoDBClient(fleet.client) });
  const queue = sqsPoolQueues({ prefix: 'fleet-dev', client: new SQSClient(fleet.client) });

  /** As the task API does it: made, then sent. */
  async function say(instruction: string, priority: Priority = 'default'): Promise<Task> {
    const [ids, now] = [nodeIds(), Date.now()];
    const request = { id: 'test', retry: 0 };
    const of = { tenant: 'acme', agent: echo.name, agentVersion: echo.version, priority, budget: echo.budget, request };
    const times = { createdAt: now, deadline: now + 600_000 };
    const submission = { ...of, ...times, idempotencyKey: ids.uuid(), input: { instruction } };
    const { task } = await submit({ store, ids }, submission);
    await queue.send(task);
    return task;
  }
  return {
    claude: fleet.claude,
    store,
    say,
    /** Twenty at a time. */
    async sayMany(count: number, priority: Priority = 'default'): Promise<readonly Task[]> {
      const tasks: Task[] = [];
      while (tasks.length < count) {
        const batch = Array.from({ length: Math.min(20, count - tasks.length) }, () => say('hello', priority));
        tasks.push(...(await Promise.all(batch)));
      }
      return tasks;
    },
    /** Those that have ended, as they are now. */
    async ended(tasks: readonly Task[]): Promise<readonly Task[]> {
      return (await store.getMany(tasks.map(({ id }) => id))).filter(({ state }) => isTerminal(state));
    },
    async allEnded(tasks: readonly Task[], timeout: number): Promise<readonly Task[]> {
      const until = async () => {
        const done = await this.ended(tasks);
        if (done.length < tasks.length) throw new Error(`${done.length} of ${tasks.length} have ended`);
        return done;
      };
      return vi.waitFor(until, { timeout, interval: 100 });
    },
    close: () => fleet[Symbol.asyncDispose](),
  };
}

/** When a task ended, in milliseconds since the epoch. */
export const endOf = ({ state }: Task): number => (isTerminal(state) ? state.finishedAt : Infinity);
