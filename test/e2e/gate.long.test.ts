import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetQueueUrlCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { dynamodbLimits } from '#adapters/dynamodb/limits.ts';
import { dynamodbPermitStore } from '#adapters/dynamodb/permit-store.ts';
import { dynamodbSessionStore } from '#adapters/dynamodb/session-store.ts';
import { dynamodbTaskStore } from '#adapters/dynamodb/task-store.ts';
import { sqsPoolQueues } from '#adapters/sqs/pool-queues.ts';
import type { Agent } from '#core/agents/define-agent.ts';
import type { TaskQueue } from '#core/ports/task-queue.ts';
import type { TaskStore } from '#core/ports/task-store.ts';
import { enterSession } from '#core/sessions/order.ts';
import type { Task } from '#core/tasks/task.ts';
import { echo } from '../systems/echo/agent.ts';
import { parrot } from '../systems/parrot/agent.ts';
import { startLocalFleet, type LocalFleet } from './support/local-fleet.ts';
import { endedOf, endOf, storeTask, submitMany, waitForEnd } from './support/tasks.ts';

/** What delays a task before it runs, on the whole stack: queues, workers and roles are those of AWS. */
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
});

afterAll(() => fleet[Symbol.asyncDispose]());

/** Stores a task, enters it into its session and sends it, as the task API does. */
async function say(tenant: string, instruction: string, sessionId?: string, agent?: Agent): Promise<Task> {
  const task = await storeOnly(tenant, instruction, sessionId, agent);
  await queue.send(task);
  return task;
}

/** Stores a task and enters it into its session, as a client that dies before it sends the message. */
async function storeOnly(tenant: string, instruction: string, sessionId?: string, agent: Agent = echo): Promise<Task> {
  const task = await storeTask(store, { tenant, agent, input: { instruction }, sessionId });
  await enterSession({ store, sessions: dynamodbSessionStore(at), clock: { now: Date.now } }, task);
  return task;
}

const sayMany = (tenant: string, count: number) => submitMany(count, (index) => say(tenant, `${index}`));
const ended = (of: readonly Task[]) => endedOf(store, of);
const allEnded = (of: readonly Task[], timeout: number) => waitForEnd(store, of, timeout);

describe('tenants', () => {
  it('share the pool: a long backlog of one tenant delays another tenant’s task only by seconds', async () => {
    const backlog = await sayMany('big', 600);
    const asked = Date.now();
    const single = await say('small', 'and I?');
    await allEnded([single], 30_000);
    const waited = Date.now() - asked;
    const left = backlog.length - (await ended(backlog)).length;
    expect(waited).toBeLessThan(5_000);
    // Otherwise there was no backlog.
    expect(left).toBeGreaterThan(100);
    const all = await allEnded(backlog, 120_000);
    expect(all.every(({ state }) => state.status === 'succeeded')).toBe(true);
    console.info(`A task of another tenant took ${waited} ms, while ${left} of the 600 tasks before it had not ended.`);
  });

  it('never run more tasks at once than their cap, and no waiting task needs the sweeper (I12)', async () => {
    const cap = 3;
    await dynamodbLimits(at).setTenant('capped', { concurrent: cap });
    const began = Date.now();
    const tasks = await sayMany('capped', 60);
    const done = await allEnded(tasks, 50_000);
    const took = Date.now() - began;
    expect(done.every(({ state }) => state.status === 'succeeded')).toBe(true);
    // Sixty calls, three at a time, without the sweeper, which runs every minute.
    expect(took).toBeGreaterThanOrEqual((60 / cap) * MODEL_MS);
    expect(took).toBeLessThan(45_000);
    await vi.waitFor(async () => expect((await dynamodbPermitStore(at).get('capped'))?.holders).toEqual({}), {
      timeout: 90_000,
    });
    console.info(`60 tasks, ${cap} at a time, took ${took} ms. The calls alone take ${(60 / cap) * MODEL_MS} ms.`);
  });
});

describe('a conversation', () => {
  it('continues from agent to agent without delay or the sweeper (I11)', async () => {
    const began = Date.now();
    const tasks: Task[] = [];
    for (let index = 0; index < 8; index += 1)
      tasks.push(await say('acme', `turn ${index}`, 'round', index % 2 ? parrot : echo));
    const done = await allEnded(tasks, 50_000);
    const took = Date.now() - began;
    expect(done.every(({ state }) => state.status === 'succeeded')).toBe(true);
    // Each pool wakes the next task of the other pool, seven times. The sweeper would take a minute each time.
    expect(took).toBeLessThan(30_000);
    console.info(`Eight turns of two agents took ${took} ms.`);
  });

  it('continues without delay after a dead letter (I9, I11)', async () => {
    const [dead, next] = [await storeOnly('acme', 'lost', 'grave'), await say('acme', 'and I?', 'grave', parrot)];
    await vi.waitFor(async () => expect((await store.get(next.id))?.state.status).toBe('parked'), 90_000);
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: 'fleet-dev-echo-dead-letters' }));
    const sentAt = Date.now();
    await sqs.send(
      new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify({ type: 'task', taskId: dead.id }) }),
    );
    const [lost, answered] = await allEnded([dead, next], 40_000);
    const took = Date.now() - sentAt;
    expect(new Set([lost?.state.status, answered?.state.status])).toEqual(new Set(['failed', 'succeeded']));
    expect(took).toBeLessThan(20_000);
    console.info(`The task after a dead letter ended ${took} ms later.`);
  });
});

describe('a deploy', () => {
  it('that replaces all workers loses, doubles and reorders no turn of a conversation (I3, I11)', async () => {
    const tasks: Task[] = [];
    for (let index = 0; index < 8; index += 1) tasks.push(await say('acme', `turn ${index}`, 'talk'));
    const victim = tasks[3];
    if (!victim) throw new Error('The task does not exist.');
    const calling = async () => expect((await store.get(victim.id))?.reservation).not.toBeNull();
    await vi.waitFor(calling, { timeout: 60_000, interval: 20 });
    await fleet.cloud.crashWorkers();
    // A turn that had taken less than a second has not hidden its message, so the sweeper sends the task within two minutes.
    const done = await allEnded(tasks, 200_000);
    const inOrder = tasks.map(({ id }) => done.find((task) => task.id === id));
    // Each turn received all turns before it and made one call.
    expect(inOrder.map((task) => task?.state)).toMatchObject(
      tasks.map((_, index) => ({ status: 'succeeded', output: { text: `turn ${index}`, turns: index } })),
    );
    expect(inOrder.map((task) => task?.steps.length)).toEqual(tasks.map(() => 1));
    const ends = inOrder.map((task) => (task ? endOf(task) : 0));
    expect(ends).toEqual(ends.toSorted((a, b) => a - b));
    // The last turn is stored a moment after its task has ended.
    await vi.waitFor(async () => {
      const session = await dynamodbSessionStore(at).get('acme', 'talk');
      expect(session?.turns.map(({ taskId }) => taskId)).toEqual(tasks.map(({ id }) => id));
      expect(session?.waiting).toEqual([]);
    }, 90_000);
  });
});
