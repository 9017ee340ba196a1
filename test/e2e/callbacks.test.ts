import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dynamodbTaskStore } from '#adapters/dynamodb/task-store.ts';
import { hmacSha256 } from '#adapters/node/hmac.ts';
import { sqsTaskQueue } from '#adapters/sqs/task-queue.ts';
import { signingSecret } from '#core/callbacks/signing.ts';
import type { Task } from '#core/tasks/task.ts';
import { sendJson, stubApi } from '../adapters/support/stub-api.ts';
import { calculator } from '../systems/calculator/agent.ts';
import { startLocalFleet, type LocalFleet } from './support/local-fleet.ts';
import { storeTask } from './support/tasks.ts';

/** A task with a callback on the whole stack: worker, queue, delivery and roles are those of AWS. */
let fleet: LocalFleet;

beforeAll(async () => {
  fleet = await startLocalFleet({ stacks: ['calculator'] });
});

afterAll(() => fleet[Symbol.asyncDispose]());

async function ask(question: string, url: string): Promise<Task> {
  const table = fleet.output('calculator', 'StateTable');
  const queueUrl = fleet.output('calculator', 'QueueUrl');
  const store = dynamodbTaskStore({ table, client: new DynamoDBClient(fleet.client) });
  const client = new SQSClient(fleet.client);
  const queue = sqsTaskQueue({ agent: calculator.name, urls: { high: queueUrl, default: queueUrl }, client });
  const task = await storeTask(store, {
    agent: calculator,
    input: { question },
    callback: { url },
    metadata: { order: '7' },
  });
  await queue.send(task);
  return task;
}

async function secretOf(tenant: string): Promise<string> {
  const SecretId = fleet.output('platform', 'CallbackSecret');
  const { SecretString } = await new SecretsManagerClient(fleet.client).send(new GetSecretValueCommand({ SecretId }));
  return signingSecret(hmacSha256, SecretString ?? '', tenant);
}

it('a callback that fails is sent again with the same id and body, signed with the tenant’s secret', async () => {
  const delivered = Promise.withResolvers<void>();
  const receiver = await stubApi((response, _, count) => {
    sendJson(response, count === 1 ? 503 : 200, {});
    if (count === 2) delivered.resolve();
  });
  const task = await ask('What? run:return "nothing of this"', `${receiver.url}/hook`);
  await delivered.promise;
  const [first, second] = receiver.requests;
  expect(second?.body).toBe(first?.body);
  expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
  expect(second?.headers['webhook-id']).toBe(`${task.id}/end`);
  const headers = second?.headers as Record<string, string>;
  expect(new Webhook(await secretOf('acme')).verify(second?.body ?? '', headers)).toMatchObject({
    type: 'task.succeeded',
    data: { taskId: task.id, agent: 'calculator', status: 'succeeded', metadata: { order: '7' } },
  });
  expect(second?.body).not.toContain('nothing of this');
});
