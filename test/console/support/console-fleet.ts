import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  SetAlarmStateCommand,
  type MetricAlarm,
} from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamodbEscalationStore } from '#adapters/dynamodb/escalation-store.ts';
import { dynamodbRunStore } from '#adapters/dynamodb/run-store.ts';
import { dynamodbTaskStore } from '#adapters/dynamodb/task-store.ts';
import { currentConsole } from '#cli/console/build.ts';
import { openConsole } from '#cli/console/front.ts';
import { occasionKey } from '#cli/keys/local-key.ts';
import type { TaskView } from '#core/api/tasks/messages.ts';
import { sampleEscalation, sampleTask } from '../../contract/samples.ts';
import { startLocalFleet, type LocalFleet } from '../../e2e/support/local-fleet.ts';
import { seedTasks } from './seed.ts';

const SILENT = { line() {}, progress() {}, json() {} };
const TENANT = 'default';
/** The run whose tasks were seeded. */
export const SEEDED_RUN = 'run-of-ten-thousand';

export type ConsoleFleet = Awaited<ReturnType<typeof startConsoleFleet>>;

/** A fleet on this machine that serves the console: the assistant, and an agent that uses a tool. */
export async function startConsoleFleet() {
  let key: string | null = null;
  const served = openConsole({ folder: await currentConsole(SILENT), key: () => key });
  const fleet = await startLocalFleet({ stacks: ['assistant', 'parrot'], apiFront: served.front });
  key = await occasionKey(placeOf(fleet));
  const call = async <Body>(method: string, path: string, body?: object): Promise<Body> => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(`${fleet.url}${path}`, { method, headers, ...sent });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Body;
  };
  return {
    fleet,
    /** A link that opens the console once. */
    link: () => served.newLink(fleet.url),
    /** Calls the task API. */
    call,
    /** Submits a task and waits for its end. */
    async task(body: object): Promise<TaskView> {
      const { id } = await call<TaskView>('POST', '/tasks', body);
      return call<TaskView>('GET', `/tasks/${id}?wait=25`);
    },
    /** Submits a run of tasks. */
    run: (body: object) => call<{ readonly id: string }>('POST', '/runs', body),
    async [Symbol.asyncDispose](): Promise<void> {
      await fleet[Symbol.asyncDispose]();
    },
  };
}

const placeOf = (fleet: LocalFleet) => ({
  endpoint: fleet.cloud.endpoint,
  table: fleet.output('platform', 'StateTable'),
  usagePlan: fleet.output('api', 'UsagePlanId'),
  callbackSecret: fleet.output('platform', 'CallbackSecret'),
});

/** Rings the first alarm of an agent's pool until it is evaluated next. Returns its name. */
export async function ringAlarm({ fleet }: ConsoleFleet, agent: string): Promise<string> {
  const client = new CloudWatchClient(fleet.client);
  const { MetricAlarms = [] } = await client.send(new DescribeAlarmsCommand({ MaxRecords: 100 }));
  const watches = ({ Dimensions = [] }: MetricAlarm) =>
    Dimensions.some(({ Value }) => Value?.endsWith(`-${agent}-high`));
  const AlarmName = MetricAlarms.find(watches)?.AlarmName ?? '';
  await client.send(new SetAlarmStateCommand({ AlarmName, StateValue: 'ALARM', StateReason: 'an exercise' }));
  client.destroy();
  return AlarmName;
}

/** Writes as many ended tasks into the fleet's table: 10,000 of one run, the others alone. */
export async function seedFleet({ fleet }: ConsoleFleet, count: number): Promise<void> {
  const { table } = placeOf(fleet);
  const seed = { cloud: fleet.cloud, table, tenant: TENANT, agent: 'assistant' };
  const inRun = Math.min(10_000, count);
  const runs = dynamodbRunStore({ table, client: new DynamoDBClient(fleet.client) });
  const [createdAt, endedAt] = [Date.now() - 15 * 86_400_000, Date.now()];
  const execution = 'arn:aws:states:us-east-1:000000000000:execution:fan-out:seeded';
  await runs.create({
    id: SEEDED_RUN,
    tenant: TENANT,
    name: 'Ten thousand',
    createdAt,
    size: inRun,
    digest: '',
    execution,
    endedAt,
  });
  await seedTasks({ ...seed, count: inRun, runId: SEEDED_RUN });
  await seedTasks({ ...seed, count: count - inRun });
}

/** A task that a person has to answer. */
export async function escalate({ fleet }: ConsoleFleet, id: string, reason: string): Promise<void> {
  const { table } = placeOf(fleet);
  const client = new DynamoDBClient(fleet.client);
  const task = await dynamodbTaskStore({ table, client }).get(id as never);
  if (task === null) throw new Error(`There is no task ${id}.`);
  const { tenant, agent, createdAt } = task;
  await dynamodbEscalationStore({ table, client }).create(
    sampleEscalation({ id: task.id, tenant, agent, createdAt, reason, summary: 'Somebody asks for a person.' }),
  );
}

/** A task of an agent whose workers died of it. Returns its id. */
export async function bury({ fleet }: ConsoleFleet, agent: string, instruction: string): Promise<string> {
  const { table } = placeOf(fleet);
  const now = Date.now();
  const failure = { kind: 'crashed' as const, reason: 'The worker died three times.' };
  const dead = sampleTask({
    tenant: TENANT,
    agent,
    input: { instruction },
    budget: { tokens: 20_000, usd: 0.05 },
    createdAt: now - 60_000,
    deadline: now + 3_600_000,
    crashes: 3,
    state: { status: 'failed', failure, finishedAt: now, notified: true },
  });
  await dynamodbTaskStore({ table, client: new DynamoDBClient(fleet.client) }).create(dead);
  return dead.id;
}
