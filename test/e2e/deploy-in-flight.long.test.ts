import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { dynamodbTaskStore } from '#adapters/dynamodb/task-store.ts';
import type { Agent } from '#core/agents/define-agent.ts';
import type { TaskId } from '#core/tasks/task-id.ts';
import type { Task } from '#core/tasks/task.ts';
import { nextParrot, parrot } from '../systems/parrot/agent.ts';
import { startApiFleet, type ApiFleet, type Call } from './api/fleet.ts';

/**
 * A deploy replaces all workers while tasks are in flight. Functions, mappings and the API are closed and started again
 * from an assembly with another version of the agent, with the same state and queues.
 */

const MODEL_MS = 400;

let fleet: ApiFleet;
let call: Call;
/** Replaces everything that runs with the next version. Running work has `drainMs` milliseconds to end. */
let deploy: (drainMs: number) => Promise<void>;
beforeAll(async () => {
  fleet = await startApiFleet({ claude: { latency: { kind: 'fixed', ms: MODEL_MS } } });
  call = fleet.as(await fleet.makeKey());
  deploy = await fleet.prepare(['next-parrot']);
});
afterAll(() => fleet[Symbol.asyncDispose]());

/** Every second task uses its tool before it answers. Every fourth task has high priority. */
const instructionOf = (index: number): string => (index % 2 ? `say ${index}` : `note: ${index}`);

async function submit(count: number, sessionId?: string): Promise<readonly string[]> {
  const tasks = Array.from({ length: count }, (_, index) => ({
    agent: 'parrot',
    instruction: instructionOf(index),
    priority: index % 4 === 3 && sessionId === undefined ? 'high' : 'default',
    ...(sessionId === undefined ? {} : { sessionId }),
  }));
  const { body } = await call('POST /tasks/batch', { tasks });
  return body.items.map(({ task }) => task.id);
}

/** Reads the tasks from the state table. Called often, so it avoids the API, whose functions use CPU time. */
async function readTasks(ids: readonly string[]): Promise<readonly Task[]> {
  const client = new DynamoDBClient(fleet.client);
  const store = dynamodbTaskStore({ table: fleet.output('platform', 'StateTable'), client });
  const tasks = new Map((await store.getMany(ids as TaskId[])).map((task) => [task.id as string, task]));
  client.destroy();
  return ids.map((id) => tasks.get(id) ?? expect.fail(`${id} is lost`));
}

const having = (tasks: readonly Task[], ...statuses: readonly string[]): number =>
  tasks.filter(({ state }) => statuses.includes(state.status)).length;

/** Waits for the moment to deploy: `ended` tasks have ended while others are running and others are waiting. */
const inTheMiddle = (ids: readonly string[], ended: number): Promise<readonly Task[]> =>
  vi.waitFor(
    async () => {
      const tasks = await readTasks(ids);
      expect(having(tasks, 'succeeded')).toBeGreaterThanOrEqual(ended);
      expect(having(tasks, 'running')).toBeGreaterThan(1);
      expect(having(tasks, 'queued', 'parked')).toBeGreaterThan(1);
      return tasks;
    },
    { timeout: 60_000, interval: 50 },
  );

const waitForAll = (ids: readonly string[], timeout: number): Promise<readonly Task[]> =>
  vi.waitFor(
    async () => {
      const tasks = await readTasks(ids);
      expect(having(tasks, 'succeeded', 'failed', 'cancelled', 'escalated')).toBe(ids.length);
      return tasks;
    },
    { timeout, interval: 500 },
  );

/** Returns the number of repeated model calls of these tasks, from the simulated Claude's ledger. */
function repeatedCalls(ids: readonly string[]): number {
  const lines = readFileSync(join(fleet.home, 'claude-ledger.jsonl'), 'utf8').trim().split('\n');
  const steps = lines.map((line) => (JSON.parse(line) as { stepId: string }).stepId);
  const own = steps.filter((step) => ids.includes(step.slice(0, step.lastIndexOf('/'))));
  return own.length - new Set(own).size;
}

/** Expects that each task ran once, with all its steps, with the prompt of the version that accepted it. */
function expectWhole(tasks: readonly Task[], { version, system }: Agent): void {
  expect(tasks.map(({ state }) => state.status)).toEqual(tasks.map(() => 'succeeded'));
  expect(new Set(tasks.map(({ agentVersion }) => agentVersion))).toEqual(new Set([version]));
  expect(new Set(tasks.map((task) => saidBy(task)[0]))).toEqual(new Set([system]));
  expect(tasks.map(({ steps }) => steps.length)).toEqual(
    tasks.map((task) => (saidBy(task)[2]?.startsWith('noted') ? 3 : 1)),
  );
}

/** Returns a parrot's prompt, the number of turns it received, and its answer. */
const saidBy = ({ state }: Task): readonly string[] =>
  state.status === 'succeeded' ? (state.output as { text: string }).text.split(' | ') : [];

const turnsOf = (tasks: readonly Task[]): number[] => tasks.map((task) => Number(saidBy(task)[1]));

describe('a deploy while tasks are in flight', () => {
  it('lets workers finish: no task is lost or run twice, and each task ends with the version that accepted it', async () => {
    const talk = await submit(4, 'talk');
    const before = [...talk, ...(await submit(28))];
    const atDeploy = await inTheMiddle(before, 6);
    await deploy(20_000);
    const after = [...(await submit(2, 'talk')), ...(await submit(10))];
    const tasks = await waitForAll([...before, ...after], 100_000);
    const [earlier, later] = [tasks.slice(0, before.length), tasks.slice(before.length)];
    expectWhole(earlier, parrot);
    expectWhole(later, nextParrot);
    expect(turnsOf([...earlier.slice(0, 4), ...later.slice(0, 2)])).toEqual([1, 2, 3, 4, 5, 6]);
    expect(repeatedCalls([...before, ...after])).toBe(0);
    console.info(
      `Deployed with ${having(atDeploy, 'succeeded')} of ${before.length} tasks done, ${having(atDeploy, 'running')} running and ${having(atDeploy, 'queued', 'parked')} waiting; ${after.length} more were submitted later. Lost: 0, run twice: 0.`,
    );
  });

  it('loses nothing if workers get no time: at most the interrupted calls are repeated', async () => {
    const ids = [...(await submit(4, 'short')), ...(await submit(20))];
    const atDeploy = await inTheMiddle(ids, 4);
    const running = having(atDeploy, 'running');
    const killed = Date.now();
    await deploy(0);
    const tasks = await waitForAll(ids, 100_000);
    const took = Date.now() - killed;
    expectWhole(tasks, nextParrot);
    expect(turnsOf(tasks.slice(0, 4))).toEqual([1, 2, 3, 4]);
    // A worker may have started another task since the check.
    const workers = 6;
    const repeated = repeatedCalls(ids);
    expect(repeated).toBeLessThanOrEqual(workers);
    console.info(
      `Killed with ${running} of ${ids.length} tasks running; all had ended ${took} ms later. Lost: 0, repeated calls: ${repeated}.`,
    );
  });
});
