import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { vi } from 'vitest';
import { dynamodbTaskStore } from '#adapters/dynamodb/task-store.ts';
import { nodeIds } from '#adapters/node/ids.ts';
import { sqsPoolQueues } from '#adapters/sqs/pool-queues.ts';
import { submit } from '#core/tasks/submit.ts';
import { isTerminal, type Priority, type Task } from '#core/tasks/task.ts';
import { FleetApp } from '#lib/fleet-app.ts';
import { startSimulatedClaude, type SimulatedClaudeOptions } from '@agent-fleet/simulated-claude';
import { startLocalCloud } from '@agent-fleet/local-cloud';
import { echo } from '../../systems/echo/agent.ts';
import { EchoStack } from '../../systems/echo/stack.ts';

export type EchoFleet = Awaited<ReturnType<typeof startEchoFleet>>;

/** The echo's pool on the local cloud: 20 tasks at once of default priority, ten of high. */
export async function startEchoFleet(options: Partial<SimulatedClaudeOptions>) {
  const home = mkdtempSync(join(tmpdir(), 'fleet-echo-e2e-'));
  const assembly = join(home, 'cdk.out');
  const app = new FleetApp({ outdir: assembly, builtinCloudFormationValidation: false, context: { env: 'dev' } });
  app.add(EchoStack);
  app.synth();
  const rule = join(import.meta.dirname, '../../systems/echo/echo.rule.ts');
  const claude = await startSimulatedClaude({ rules: [rule], ...options });
  const cloud = await startLocalCloud({
    assembly,
    dataDir: join(home, 'cloud'),
    port: 0,
    secrets: { 'model-api-key': 'simulated' },
    environment: { POWERTOOLS_TRACE_ENABLED: 'false', ANTHROPIC_BASE_URL: claude.url },
  });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = { endpoint: cloud.endpoint, region: 'us-east-1', credentials };
  const { StateTable: table = '' } = cloud.outputs['fleet-dev-echo'] ?? {};
  const store = dynamodbTaskStore({ table, client: new DynamoDBClient(client) });
  const queue = sqsPoolQueues({ prefix: 'fleet-dev', client: new SQSClient(client) });

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
    claude,
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
    async close(): Promise<void> {
      await cloud.close({ drainMs: 0 });
      await claude.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** When a task ended, in milliseconds since the epoch. */
export const endOf = ({ state }: Task): number => (isTerminal(state) ? state.finishedAt : Infinity);
