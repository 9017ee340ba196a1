import type { Context, SQSEvent } from 'aws-lambda';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { parrot } from '../../systems/parrot/agent.ts';
import { openApiServices, type ApiServices } from '../../functions/api/services.ts';

const context = { getRemainingTimeInMillis: () => 60_000, functionName: 'worker', awsRequestId: 'r-1' } as Context;
let services: ApiServices;
let handler: (event: SQSEvent, context: Context) => Promise<unknown>;

beforeAll(async () => {
  services = await openApiServices('parrot');
  const queues = `${services.env['AWS_ENDPOINT_URL_SQS']}/000000000000/fleet-parrot`;
  const own = {
    HIGH_QUEUE_URL: `${queues}-high`,
    DEFAULT_QUEUE_URL: `${queues}-default`,
    AUDIT_BUCKET: 'audit',
    MODEL_SECRET: 'key',
    AWS_MAX_ATTEMPTS: '1',
  };
  for (const [name, value] of Object.entries({ ...services.env, ...own })) vi.stubEnv(name, value);
  const { agentHandler } = await import('#runtime/handlers/agent-handler.ts');
  handler = agentHandler(parrot);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await services.close();
});

const record = (messageId: string, body: string) => ({
  messageId,
  body,
  // No queue gave it, so SQS refuses to hide the message.
  receiptHandle: `not-a-receipt-of-${messageId}`,
  attributes: { ApproximateReceiveCount: '1', SentTimestamp: '1700000000000' },
  eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:fleet-parrot-default',
});

it('a message that cannot be read, nor be hidden, returns to the queue alone', async () => {
  const gone = JSON.stringify({ type: 'task', taskId: 'parrot-0123456789abcdef' });
  const Records = [record('unreadable', 'not JSON'), record('gone', gone), record('older', '{"type":"another"}')];
  expect(await handler({ Records } as unknown as SQSEvent, context)).toEqual({
    batchItemFailures: [{ itemIdentifier: 'unreadable' }, { itemIdentifier: 'older' }],
  });
});
