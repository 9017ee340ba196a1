import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import {
  createCloudWatch,
  createDynamoDb,
  createLogs,
  createS3,
  createSqs,
  createXray,
} from '@agent-fleet/local-cloud/testing/services';
import { putAlarm } from '@agent-fleet/local-cloud/testing/alarms';
import { createStateTable } from '../../contract/local-services.ts';
import { serve } from '@agent-fleet/local-cloud/testing/serve';
import { vi } from 'vitest';

const location = { account: '000000000000', region: 'us-east-1' };
const TABLE = 'state';
const BUCKET = 'inputs';

/** The services that the API's functions need, without gateway, workers or IAM. */
export interface ApiServices {
  /** The functions' environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly table: string;
  readonly client: DynamoDBClient;
  /** The folder of the functions' logs: one folder per agent. */
  readonly logs: string;
  close(): Promise<void>;
}

/**
 * Starts the local services that the API calls, with the state table, the agents' queues and a bucket. Import the handlers
 * afterwards, with the environment: files that share a worker share modules, and the clients of an earlier one are closed.
 */
export async function openApiServices(...agents: readonly string[]): Promise<ApiServices> {
  vi.resetModules();
  const dataDir = mkdtempSync(join(tmpdir(), 'fleet-api-'));
  const dynamodb = await serve(() => createDynamoDb(location));
  const sqs = await serve((baseUrl) => createSqs({ ...location, dataDir: join(dataDir, 'sqs'), baseUrl }));
  const call = () => Promise.reject(new Error('S3 calls nobody here.'));
  const s3 = await serve(() => createS3({ ...location, dataDir: join(dataDir, 's3'), call }));
  const directory = join(dataDir, 'logs');
  const groups = new Map(agents.map((agent) => [`fleet-${agent}`, [agent]]));
  const logs = await serve(() => createLogs({ ...location, directory, groups: () => groups }));
  const xray = await serve(() => createXray({}));
  const monitoring = await serve(() =>
    createCloudWatch({ ...location, call, onEvent: () => {}, hasPolicy: () => false }),
  );
  for (const agent of agents) putAlarm(monitoring.service, `fleet-${agent}-alarm`, agentMetric(agent));
  const waits = await nothingWaits();
  const client = new DynamoDBClient(dynamodb.client);
  await client.send(createStateTable(TABLE));
  const queues = new SQSClient(sqs.client);
  const kinds = ['high', 'default', 'dead-letters'];
  for (const name of agents.flatMap((agent) => kinds.map((kind) => `fleet-${agent}-${kind}`)))
    await queues.send(new CreateQueueCommand({ QueueName: name }));
  const bulk = await queues.send(new CreateQueueCommand({ QueueName: 'bulk-actions' }));
  const buckets = new S3Client({ ...s3.client, forcePathStyle: true });
  for (const Bucket of [BUCKET, OWN.AUDIT_BUCKET]) await buckets.send(new CreateBucketCommand({ Bucket }));
  return {
    client,
    table: TABLE,
    logs: directory,
    env: {
      ...OWN,
      BULK_QUEUE_URL: bulk.QueueUrl ?? '',
      AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url,
      AWS_ENDPOINT_URL_SQS: sqs.url,
      AWS_ENDPOINT_URL_S3: s3.url,
      AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: logs.url,
      AWS_ENDPOINT_URL_XRAY: xray.url,
      AWS_ENDPOINT_URL_CLOUDWATCH: monitoring.url,
      AWS_ENDPOINT_URL_LAMBDA: waits.url,
    },
    async close() {
      for (const each of [client, queues, buckets]) each.destroy();
      for (const each of [dynamodb, sqs, s3, logs, xray, monitoring, waits]) await each.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** What an alarm of an agent's pool watches. */
const agentMetric = (agent: string) => ({
  Namespace: 'agent-fleet',
  MetricName: 'TasksFailed',
  Dimensions: [{ Name: 'service', Value: `fleet-${agent}` }],
  Statistic: 'Sum',
  Period: 60,
  EvaluationPeriods: 1,
  Threshold: 1,
  ComparisonOperator: 'GreaterThanOrEqualToThreshold',
});

const OWN = {
  WORKFLOWS: JSON.stringify([
    {
      name: 'parrots',
      agents: ['parrot'],
      stateMachineArn: 'arn:aws:states:us-east-1:000000000000:stateMachine:parrots',
    },
  ]),
  STATE_TABLE: TABLE,
  QUEUE_PREFIX: 'fleet',
  LOG_GROUPS: 'fleet-',
  SERVICE_PREFIX: 'fleet',
  SESSION_MINUTES: '60',
  SESSION_TOKENS: '20000',
  INPUT_BUCKET: BUCKET,
  REPORTS: '[]',
  AUDIT_BUCKET: 'audit',
  PRIVATE_CALLBACKS: 'false',
  WAIT_FUNCTION: 'wait',
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  POWERTOOLS_TRACE_ENABLED: 'false',
  POWERTOOLS_LOG_LEVEL: 'SILENT',
};

/** A wait function that returns at once, because no worker runs here. */
async function nothingWaits() {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.end('null'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
