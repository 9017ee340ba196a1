import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import type { Context, SQSEvent, SQSRecord } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { startSqs, type Sqs } from '@agent-fleet/local-cloud/testing/sqs';
import { stateTable } from '#test/contract/local-services.ts';
import { OUTBOX_MS } from '../../alerts/alert.ts';
import { dynamodbAlerts } from '../../alerts/dynamodb-alerts.ts';
import { dynamodbSends } from '../../alerts/dynamodb-sends.ts';
import { raise } from '../../alerts/raise.ts';
import { sqsDeliveries } from '../../alerts/sqs-deliveries.ts';
import { dynamodbDigests, dynamodbFindings } from '../../digests/dynamodb-digests.ts';
import { dynamodbPortfolios } from '../../portfolios/dynamodb-portfolios.ts';
import type { PortfolioFile } from '../../portfolios/portfolio.ts';
import { matchOf } from '../alerts/support.ts';
import { finding } from '../digests/support.ts';

vi.mock('#runtime/ports/fleet-secret.ts', () => ({ fleetSecret: () => Promise.resolve('master secret') }));

const at = stateTable();
const ALERT = 'core/cik:0000320193/price-move';
const context = { getRemainingTimeInMillis: () => 60_000 } as Context;

let sqs: Sqs;
let queueUrl = '';
let server: Server;
let posts: { headers: NodeJS.Dict<string | string[]>; body: string }[];
let status = 200;
let portfolios = 0;

beforeEach(async () => {
  vi.resetModules();
  posts = [];
  status = 200;
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      posts.push({ headers: request.headers, body });
      response.writeHead(status).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  sqs = await startSqs();
  queueUrl = await sqs.queue('deliveries');
  const { client, table } = at();
  const endpoint = await client.config.endpoint?.();
  if (endpoint === undefined) throw new Error('The client has no endpoint.');
  const { accessKeyId, secretAccessKey } = await client.config.credentials();
  vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', `${endpoint.protocol}//${endpoint.hostname}:${endpoint.port}`);
  vi.stubEnv('AWS_ENDPOINT_URL_SQS', new URL(queueUrl).origin);
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', secretAccessKey);
  vi.stubEnv('MARKET_TABLE', table);
  vi.stubEnv('DELIVERY_QUEUE_URL', queueUrl);
  vi.stubEnv('SECRET_PREFIX', 'fleet-dev');
  vi.stubEnv('CALLBACK_SECRET', 'callback');
  vi.stubEnv('PRIVATE_CALLBACKS', 'true');
  vi.stubEnv('POWERTOOLS_TRACER_CAPTURE_HTTPS_REQUESTS', 'false');
  vi.stubEnv('POWERTOOLS_TRACE_ENABLED', 'false');
  vi.stubEnv('ZONE', 'America/New_York');
  vi.stubEnv('WATCHED_SOURCES', '[]');
  vi.stubEnv('STREAM_QUIET_MINUTES', '5');
  vi.stubEnv('DIGEST_BUCKET', 'digests');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  await save([{ kind: 'callback', name: 'receiver', url: `http://127.0.0.1:${port}/alerts` }]);
});
afterEach(() => {
  vi.unstubAllEnvs();
  server.close();
});

/** Saves the portfolio with these recipients. */
async function save(recipients: PortfolioFile['recipients']): Promise<void> {
  const file: PortfolioFile = {
    id: 'core',
    name: 'Core',
    currency: 'USD',
    holdings: [],
    watch: [],
    limits: {},
    recipients,
    rules: [],
    disabledRules: [],
  };
  const change = { portfolio: file, seen: portfolios++, by: 'ada', at: Date.now(), changes: [] };
  await dynamodbPortfolios(at()).save(change);
}

/** Raises an alert as the router does. */
const raiseAlert = (id: string, now = Date.now()) =>
  raise(
    {
      alerts: dynamodbAlerts(at()),
      deliveries: sqsDeliveries({ queueUrl, client: sqs.client }),
      policyOf: () =>
        Promise.resolve({
          portfolio: 'core',
          recipients: [{ kind: 'callback' as const, name: 'receiver', url: '' }],
          quiet: null,
        }),
      clock: { now: () => now },
    },
    [matchOf({ portfolio: 'core', id, step: portfolios })],
  );

/** The messages of the queue, as Lambda delivers them. */
async function received(): Promise<SQSEvent> {
  const { Messages = [] } = await sqs.client.send(
    new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: 10,
      MessageSystemAttributeNames: ['All'],
    }),
  );
  const Records = Messages.map(
    ({ MessageId = '', ReceiptHandle = '', Body = '', Attributes = {} }) =>
      ({
        messageId: MessageId,
        receiptHandle: ReceiptHandle,
        body: Body,
        attributes: Attributes,
      }) as unknown as SQSRecord,
  );
  return { Records };
}

const deliverAll = async () => {
  const { handler } = await import('../../functions/deliver-alert/handler.ts');
  return handler(await received(), context);
};

describe('an alert', () => {
  it('reaches its receiver, signed, once', async () => {
    await raiseAlert('m1');
    const message = await received();
    const { handler } = await import('../../functions/deliver-alert/handler.ts');
    expect(await handler(message, context)).toEqual({ batchItemFailures: [] });
    expect(await handler(message, context)).toEqual({ batchItemFailures: [] });
    expect(posts).toHaveLength(1);
    expect(posts[0]?.headers).toMatchObject({
      'webhook-id': expect.stringContaining('core/cik_3a0000320193/price-move/1/'),
      'webhook-signature': expect.stringMatching(/^v1,/),
    });
    expect(JSON.parse(posts[0]?.body ?? '')).toMatchObject({ type: 'alert.first', data: { alert: ALERT } });
  });

  it('stays in the queue while its receiver fails', async () => {
    status = 500;
    await raiseAlert('m2');
    const { batchItemFailures } = await deliverAll();
    expect(batchItemFailures).toHaveLength(1);
    const notification = (await dynamodbAlerts(at()).get(ALERT))?.notifications.at(-1)?.id ?? '';
    const sent = await dynamodbSends(at()).get({ alert: ALERT, notification, recipient: 'receiver' });
    expect(sent).toMatchObject({ state: 'waiting', attempts: 1, reason: 'The receiver answered 500.' });
  });

  it('a message that is none becomes a dead letter', async () => {
    const { handler } = await import('../../functions/deliver-alert/handler.ts');
    const record = { messageId: 'm', body: '{}', attributes: {} } as unknown as SQSRecord;
    expect(await handler({ Records: [record] }, context)).toEqual({ batchItemFailures: [{ itemIdentifier: 'm' }] });
  });
});

describe('the clock', () => {
  const tick = async (event: object) => {
    const { handler } = await import('../../functions/market-clock/handler.ts');
    return handler(event, context);
  };

  it('queues what a crash left', async () => {
    const broken = sqsDeliveries({ queueUrl: `${queueUrl}-gone`, client: sqs.client });
    const alerts = dynamodbAlerts(at());
    const policyOf = () =>
      Promise.resolve({
        portfolio: 'core',
        recipients: [{ kind: 'callback' as const, name: 'receiver', url: '' }],
        quiet: null,
      });
    const clock = { now: () => Date.now() - OUTBOX_MS - 1_000 };
    const match = matchOf({ portfolio: 'core', id: 'm3', step: portfolios });
    await expect(raise({ alerts, deliveries: broken, policyOf, clock }, [match])).rejects.toThrow('does not exist');
    expect((await received()).Records).toEqual([]);
    expect(z.object({ swept: z.number() }).parse(await tick({})).swept).toBeGreaterThan(0);
    await deliverAll();
    expect(posts).toHaveLength(1);
  });

  it('makes the digests that are due at a time, once', async () => {
    await dynamodbFindings(at()).put(finding({ id: 'f1', portfolio: 'core' }));
    const due = { at: '2026-11-27T15:10:00Z' };
    expect(await tick(due)).toMatchObject({ digests: [{ id: 'core/2026-11-27T14', revision: 1 }] });
    expect(await tick(due)).toMatchObject({ digests: [] });
    const record = await dynamodbDigests(at()).get('core', '2026-11-27T14');
    expect(record?.digest.covers).toMatchObject({ matches: 1 });
  });

  it('counts the mails of a digest that it does not send', async () => {
    await save([{ kind: 'email', name: 'ada', to: 'ada@example.com' }]);
    const { metrics } = await import('#runtime/index.ts');
    const counted = vi.spyOn(metrics, 'addMetric');
    await dynamodbFindings(at()).put(finding({ id: 'f2', portfolio: 'core' }));
    expect(await tick({ at: '2026-11-27T14:10:00Z' })).toMatchObject({ digests: [{ id: 'core/2026-11-27T13' }] });
    expect(counted).toHaveBeenCalledWith('DigestMailsNotSent', 'Count', 1);
  });

  it('makes the digests also while the sweep is slow, and if it fails', async () => {
    const made = async () => {
      const record = await dynamodbDigests(at()).get('core', '2026-11-27T15');
      if (!record) throw new Error('There is no digest yet.');
    };
    const sweep = async () => {
      await vi.waitFor(made, 30_000);
      throw new Error('throttled');
    };
    vi.doMock('../../alerts/act.ts', () => ({ sweep }));
    const ticked = tick({ at: '2026-11-27T16:10:00Z' });
    await expect(ticked.finally(() => vi.doUnmock('../../alerts/act.ts'))).rejects.toMatchObject({
      errors: [{ message: 'throttled' }],
    });
  });
});
