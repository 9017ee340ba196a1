import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dynamodbTaskStore } from '../../adapters/dynamodb-task-store.ts';
import { nodeIds } from '../../adapters/node-ids.ts';
import { hmacSha256 } from '../../adapters/node-hmac.ts';
import { sqsTaskQueue } from '../../adapters/sqs-task-queue.ts';
import { signingSecret } from '../../core/callbacks/signing.ts';
import { submit } from '../../core/tasks/submit.ts';
import type { Task } from '../../core/tasks/task.ts';
import { FleetApp } from '../../lib/fleet-app.ts';
import { startSimulatedClaude, type SimulatedClaude } from '../../local/claude/index.ts';
import { startLocalCloud, type LocalCloud } from '../../local/cloud.ts';
import { sendJson, stubApi } from '../adapters/support/stub-api.ts';
import { calculator } from '../systems/calculator/agent.ts';
import { CalculatorStack } from '../systems/calculator/stack.ts';

/** A task with a callback on the whole stack: worker, queue, delivery and roles as on AWS. */
let home: string;
let cloud: LocalCloud;
let claude: SimulatedClaude;
let options: { endpoint: string; region: string; credentials: { accessKeyId: string; secretAccessKey: string } };

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'fleet-callbacks-e2e-'));
  const assembly = join(home, 'cdk.out');
  const app = new FleetApp({ outdir: assembly, builtinCloudFormationValidation: false, context: { env: 'dev' } });
  app.add(CalculatorStack);
  app.synth();
  claude = await startSimulatedClaude({
    latency: { kind: 'fixed', ms: 0 },
    rules: [join(import.meta.dirname, '../systems/calculator/calculator.rule.ts')],
    dataDir: home,
  });
  cloud = await startLocalCloud({
    assembly,
    dataDir: join(home, 'cloud'),
    port: 0,
    secrets: { 'model-api-key': 'simulated' },
    environment: { POWERTOOLS_TRACE_ENABLED: 'false', ANTHROPIC_BASE_URL: claude.url },
  });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  options = { endpoint: cloud.endpoint, region: 'us-east-1', credentials };
}, 90_000);

afterAll(async () => {
  await cloud.close({ drainMs: 0 });
  await claude.close();
  rmSync(home, { recursive: true, force: true });
});

const output = (stack: string, name: string): string => {
  const value = cloud.outputs[stack]?.[name];
  if (value === undefined) throw new Error(`The stack ${stack} has no output ${name}.`);
  return value;
};

async function ask(question: string, url: string): Promise<Task> {
  const ids = nodeIds();
  const table = output('fleet-dev-calculator', 'StateTable');
  const queueUrl = output('fleet-dev-calculator', 'QueueUrl');
  const store = dynamodbTaskStore({ table, client: new DynamoDBClient(options) });
  const client = new SQSClient(options);
  const queue = sqsTaskQueue({ agent: calculator.name, urls: { high: queueUrl, default: queueUrl }, client });
  const now = Date.now();
  const { task } = await submit(
    { store, ids },
    {
      tenant: 'acme',
      agent: calculator.name,
      agentVersion: calculator.version,
      idempotencyKey: ids.uuid(),
      priority: 'default',
      input: { question },
      budget: calculator.budget,
      createdAt: now,
      deadline: now + 60_000,
      request: { id: 'test', retry: 0 },
      callback: { url },
      metadata: { order: '7' },
    },
  );
  await queue.send(task);
  return task;
}

async function secretOf(tenant: string): Promise<string> {
  const SecretId = output('fleet-dev-platform', 'CallbackSecret');
  const { SecretString } = await new SecretsManagerClient(options).send(new GetSecretValueCommand({ SecretId }));
  return signingSecret(hmacSha256, SecretString ?? '', tenant);
}

it('a receiver that fails at first is told again: the same id and body, signed by its tenant’s secret', async () => {
  const told = Promise.withResolvers<void>();
  const receiver = await stubApi((response, _, count) => {
    sendJson(response, count === 1 ? 503 : 200, {});
    if (count === 2) told.resolve();
  });
  const task = await ask('What? run:return "nothing of this"', `${receiver.url}/hook`);
  await told.promise;
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
}, 60_000);
