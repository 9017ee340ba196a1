import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetQueueUrlCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { dynamodbLimits } from '#adapters/dynamodb/limits.ts';
import { dynamodbPermitStore } from '#adapters/dynamodb/permit-store.ts';
import { dynamodbSessionStore } from '#adapters/dynamodb/session-store.ts';
import { dynamodbTaskStore } from '#adapters/dynamodb/task-store.ts';
import { nodeIds } from '#adapters/node/ids.ts';
import { sqsPoolQueues } from '#adapters/sqs/pool-queues.ts';
import type { Agent } from '#core/agents/define-agent.ts';
import type { TaskQueue } from '#core/ports/task-queue.ts';
import type { TaskStore } from '#core/ports/task-store.ts';
import { enterSession } from '#core/sessions/order.ts';
import { submit } from '#core/tasks/submit.ts';
import { isTerminal, type Task } from '#core/tasks/task.ts';
import { echo } from '../systems/echo/agent.ts';
import { parrot } from '../systems/parrot/agent.ts';
import { startLocalFleet, type LocalFleet } from './support/local-fleet.ts';

/** What stands between a message and a turn, on the whole stack: queues, workers and roles as on AWS. */
const MODEL_MS = 200;

let fleet: LocalFleet;
let at: { table: string; client: DynamoDBClient };
let store: TaskStore;
let sqs: SQSClient;
let queue: TaskQueue;

beforeAll(async () => {
  fleet = await startLocalFleet({ stacks: ['echo', 'parrot'], claude: { latency: { kind: 'fixed', ms: MODEL_MS } } });
  at = { table: fleet.output('echo', 'StateTable'), client: new DynamoDBClient(fleet.client) };
  store = dynamodbTaskStore(at);
  sqs = new SQSClient(fleet.client);
  queue = sqsPoolQueues({ prefix: 'fleet-dev', client: sqs });
}, 90_000);

afterAll(() => fleet[Symbol.asyncDispose]());

/** As the task API does it: made, entered into its session, sent. */
async function say(tenant: string, instruction: string, sessionId?: string, agent?: Agent): Promise<Task> {
  const task = await accept(tenant, instruction, sessionId, agent);
  await queue.send(task);
  return task;
}

/** Made and entered into its session: what a client leaves behind that dies before it sends. */
async function accept(tenant: string, instruction: string, sessionId?: string, agent: Agent = echo): Promise<Task> {
  const [ids, now] = [nodeIds(), Date.now()];
  const { task } = await submit(
    { store, ids },
    {
      tenant,
      agent: agent.name,
      agentVersion: agent.version,
      idempotencyKey: ids.uuid(),
      priority: 'default',
      input: { instruction },
      budget: agent.budget,
      createdAt: now,
      deadline: now + 600_000,
      request: { id: 'test', retry: 0 },
      sessionId,
    },
  );
  await enterSession({ sessions: dynamodbSessionStore(at), clock: { now: Date.now } }, task);
  return task;
}

/** Twenty at a time. */
async function sayMany(tenant: string, count: number): Promise<readonly Task[]> {
  const tasks: Task[] = [];
  while (tasks.length < count) {
    const batch = Array.from({ length: Math.min(20, count - tasks.length) }, (_, index) => say(tenant, `${index}`));
    tasks.push(...(await Promise.all(batch)));
  }
  return tasks;
}

async function ended(tasks: readonly Task[]): Promise<readonly Task[]> {
  const now = await store.getMany(tasks.map(({ id }) => id));
  return now.filter(({ state }) => isTerminal(state));
}

const allEnded = (tasks: readonly Task[], timeout: number): Promise<readonly Task[]> =>
  vi.waitFor(
    async () => {
      const done = await ended(tasks);
      if (done.length < tasks.length) throw new Error(`${done.length} of ${tasks.length} have ended`);
      return done;
    },
    { timeout, interval: 100 },
  );

describe('tenants', () => {
  it('take turns: one with a long backlog delays another’s task by seconds, and not by its backlog', async () => {
    const backlog = await sayMany('big', 600);
    const asked = Date.now();
    const single = await say('small', 'and I?');
    await allEnded([single], 30_000);
    const waited = Date.now() - asked;
    const left = backlog.length - (await ended(backlog)).length;
    expect(waited).toBeLessThan(5_000);
    // Otherwise there was no backlog to be delayed by.
    expect(left).toBeGreaterThan(100);
    const all = await allEnded(backlog, 120_000);
    expect(all.every(({ state }) => state.status === 'succeeded')).toBe(true);
    console.info(`A task of another tenant took ${waited} ms, with ${left} of 600 tasks still before it.`);
  }, 180_000);

  it('run no more at once than their cap, and nobody who waits is left to the sweeper (I12)', async () => {
    const cap = 3;
    await dynamodbLimits(at).setTenant('capped', { concurrent: cap });
    const began = Date.now();
    const tasks = await sayMany('capped', 60);
    const done = await allEnded(tasks, 50_000);
    const took = Date.now() - began;
    expect(done.every(({ state }) => state.status === 'succeeded')).toBe(true);
    // Sixty calls, three at a time. The sweeper, which comes each minute, had no part in it.
    expect(took).toBeGreaterThanOrEqual((60 / cap) * MODEL_MS);
    expect(took).toBeLessThan(45_000);
    await vi.waitFor(async () => expect((await dynamodbPermitStore(at).get('capped'))?.holders).toEqual({}));
    console.info(`60 tasks, ${cap} at a time: ${took} ms; the calls alone take ${(60 / cap) * MODEL_MS} ms.`);
  }, 90_000);
});

describe('a conversation', () => {
  it('goes on from agent to agent at once: nobody is left to a sweeper (I11)', async () => {
    const began = Date.now();
    const tasks: Task[] = [];
    for (let index = 0; index < 8; index += 1)
      tasks.push(await say('acme', `turn ${index}`, 'round', index % 2 ? parrot : echo));
    const done = await allEnded(tasks, 50_000);
    const took = Date.now() - began;
    expect(done.every(({ state }) => state.status === 'succeeded')).toBe(true);
    // Seven times one pool wakes a task of the other; a sweeper comes a minute after the task was parked.
    expect(took).toBeLessThan(30_000);
    console.info(`Eight turns of two agents took ${took} ms.`);
  }, 60_000);

  it('goes on at once after a task of it was buried (I9, I11)', async () => {
    const [dead, next] = [await accept('acme', 'lost', 'grave'), await say('acme', 'and I?', 'grave', parrot)];
    await vi.waitFor(async () => expect((await store.get(next.id))?.state.status).toBe('parked'), 20_000);
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: 'fleet-dev-echo-dead-letters' }));
    const buried = Date.now();
    await sqs.send(
      new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify({ type: 'task', taskId: dead.id }) }),
    );
    const [lost, answered] = await allEnded([dead, next], 40_000);
    const took = Date.now() - buried;
    expect(new Set([lost?.state.status, answered?.state.status])).toEqual(new Set(['failed', 'succeeded']));
    expect(took).toBeLessThan(20_000);
    console.info(`The task after a dead letter had ended ${took} ms after it.`);
  }, 90_000);
});

describe('a deploy', () => {
  it('that replaces all workers in the middle loses, doubles and disorders nothing of a conversation (I3, I11)', async () => {
    const tasks: Task[] = [];
    for (let index = 0; index < 8; index += 1) tasks.push(await say('acme', `turn ${index}`, 'talk'));
    for (const victim of [tasks[1], tasks[4]]) {
      if (!victim) throw new Error('no such task');
      const calling = async () => expect((await store.get(victim.id))?.reservation).not.toBeNull();
      await vi.waitFor(calling, { timeout: 60_000, interval: 20 });
      await fleet.cloud.crashWorkers();
    }
    // Mostly the message comes back after fifteen seconds; one that was just received, the sweeper sends within two minutes.
    const done = await allEnded(tasks, 200_000);
    const inOrder = tasks.map(({ id }) => done.find((task) => task.id === id));
    // Each was shown all before it, and made its one call count once.
    expect(inOrder.map((task) => task?.state)).toMatchObject(
      tasks.map((_, index) => ({ status: 'succeeded', output: { text: `turn ${index}`, turns: index } })),
    );
    expect(inOrder.map((task) => task?.steps.length)).toEqual(tasks.map(() => 1));
    const ends = inOrder.map((task) => (task && isTerminal(task.state) ? task.state.finishedAt : 0));
    expect(ends).toEqual(ends.toSorted((a, b) => a - b));
    // The last turn is kept a moment after its task has ended, with all else that its end brings about.
    await vi.waitFor(async () => {
      const session = await dynamodbSessionStore(at).get('acme', 'talk');
      expect(session?.turns.map(({ taskId }) => taskId)).toEqual(tasks.map(({ id }) => id));
      expect(session?.waiting).toEqual([]);
    }, 20_000);
  }, 290_000);
});
