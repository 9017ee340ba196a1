import { LambdaClient } from '@aws-sdk/client-lambda';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dynamodbTaskStore } from '#adapters/dynamodb/task-store.ts';
import { lambdaSandbox } from '#adapters/sandbox/lambda-sandbox.ts';
import { sqsTaskQueue } from '#adapters/sqs/task-queue.ts';
import type { Task } from '#core/tasks/task.ts';
import type { CloudEvent } from '@agent-fleet/local-cloud';
import { readUsage } from '@agent-fleet/local-cloud/usage';
import { sandboxContract } from '../contract/sandbox.contract.ts';
import { calculator } from '../systems/calculator/agent.ts';
import { startLocalFleet, type LocalFleet } from './support/local-fleet.ts';
import { storeTask } from './support/tasks.ts';

/** A system with an untrusted tool on the whole stack: worker, sandbox function and roles are those of AWS. */
let fleet: LocalFleet;
const heard = new Set<(event: CloudEvent) => void>();

beforeAll(async () => {
  fleet = await startLocalFleet({
    stacks: ['calculator'],
    onEvent: (event) => heard.forEach((listener) => listener(event)),
  });
});

afterAll(() => fleet[Symbol.asyncDispose]());

const output = (name: string): string => fleet.output('calculator', name);

describe('the sandbox function', () => {
  sandboxContract(() => lambdaSandbox({ functionName: output('RunCode'), client: new LambdaClient(fleet.client) }));
});

/** Submits a question to the agent and waits until its worker logs that the task has ended. */
async function ask(question: string): Promise<Task> {
  const store = dynamodbTaskStore({ table: output('StateTable'), client: new DynamoDBClient(fleet.client) });
  const url = output('QueueUrl');
  const client = new SQSClient(fleet.client);
  const queue = sqsTaskQueue({ agent: calculator.name, urls: { high: url, default: url }, client });
  const task = await storeTask(store, { tenant: 'default', agent: calculator, input: { question } });
  const ended = new Promise<void>((resolve) => {
    heard.add((event) => {
      if (event.code === 'lambda.log' && event.line.includes('task.finished') && event.line.includes(task.id))
        resolve();
    });
  });
  await queue.send(task);
  await ended;
  const found = await store.get(task.id);
  if (found === null) throw new Error('The task no longer exists.');
  return found;
}

describe('an agent with an untrusted tool', () => {
  it('gets the result of the code it wrote', async () => {
    const code =
      'return readFile("sales.csv").split("\\n").slice(1, 3).reduce((sum, row) => sum + Number(row.split(",")[1]), 0)';
    expect((await ask(`How much? run:${code}`)).state).toMatchObject({
      status: 'succeeded',
      output: { answer: '2000', failed: false },
    });
  });

  it('gets the error of its code, and continues', async () => {
    expect((await ask('Loop! run:for (;;);')).state).toMatchObject({
      status: 'succeeded',
      output: { answer: expect.stringContaining('time') as string, failed: true },
    });
  });
});

it('the worker may invoke only the sandbox function, and the sandbox used no permission', async () => {
  await fleet.cloud.close();
  const roles = readUsage(fleet.dataDir) ?? [];
  const grantsOf = (owner: string) =>
    roles.filter(({ owners }) => owners.some((name) => name.includes(owner))).flatMap(({ grants }) => grants);
  const lambda = grantsOf('WorkerFunction').filter(({ action }) => action.startsWith('lambda:'));
  expect(lambda).toEqual([
    expect.objectContaining({
      action: 'lambda:InvokeFunction',
      resource: expect.stringContaining('SandboxRunCode') as string,
    }),
  ]);
  expect(lambda[0]?.used).toBeGreaterThan(0);
  const own = grantsOf('SandboxRunCode');
  expect(own.length).toBeGreaterThan(0);
  expect(own.filter(({ used }) => used > 0)).toEqual([]);
  expect(own.filter(({ action }) => !/^(logs:(CreateLogStream|PutLogEvents)|ec2:)/.test(action))).toEqual([]);
});
