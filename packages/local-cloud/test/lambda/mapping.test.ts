import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROOT } from '../../src/services/service.ts';
import type { CloudEvent } from '../../src/cloud.ts';
import { functionResource, pollGrant, startFixture } from '../../testing/cloud.ts';
import type { FixtureCloud } from '../../testing/cloud.ts';

const code = {
  // Logs the messages it received, and fails as they say.
  worker: `export const handler = async ({ Records }) => {
    console.log('batch ' + JSON.stringify(Records.map((record) => record.body)));
    if (Records.some((record) => record.body === 'throw')) throw new Error('as told');
    if (Records.some((record) => record.body === 'malformed')) return { batchItemFailures: [{ itemIdentifier: '' }] };
    const failed = Records.filter((record) => record.body.startsWith('fail'));
    return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };`,
  shape: `export const handler = async ({ Records: [record] }) => console.log('record ' + JSON.stringify(record));`,
  slow: `export const handler = async () => { console.log('began'); await new Promise((done) => setTimeout(done, 300)); };`,
};

const queue = (properties: object = {}) => ({
  Type: 'AWS::SQS::Queue',
  Properties: { VisibilityTimeout: 6, ...properties },
});
const arnOf = (logicalId: string) => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });
const mapping = (queueId: string, functionId: string, properties: object = {}) => ({
  Type: 'AWS::Lambda::EventSourceMapping',
  Properties: { EventSourceArn: arnOf(queueId), FunctionName: { Ref: functionId }, ...properties },
});
const partial = { FunctionResponseTypes: ['ReportBatchItemFailures'] };

const resources = {
  DeadLetters: queue(),
  Work: queue({
    RedrivePolicy: { deadLetterTargetArn: arnOf('DeadLetters'), maxReceiveCount: 1 },
    VisibilityTimeout: 4,
  }),
  Worker: functionResource('worker', { Timeout: 1 }),
  // Polled only on demand, so that all messages sent before are one batch.
  Failing: queue({
    RedrivePolicy: { deadLetterTargetArn: arnOf('FailingLetters'), maxReceiveCount: 1 },
    VisibilityTimeout: 1,
  }),
  FailingLetters: queue(),
  FailingMapping: mapping('Failing', 'Worker', { ...partial, Enabled: false }),
  WorkMapping: mapping('Work', 'Worker', { ...partial, BatchSize: 10, MaximumBatchingWindowInSeconds: 1 }),
  Filtered: queue(),
  FilteredMapping: mapping('Filtered', 'Worker', {
    ...partial,
    FilterCriteria: { Filters: [{ Pattern: JSON.stringify({ body: { kind: ['wanted'] } }) }] },
  }),
  Plain: queue(),
  Shape: functionResource('shape'),
  PlainMapping: mapping('Plain', 'Shape'),
  Busy: queue(),
  Slow: functionResource('slow', { Timeout: 5 }),
  BusyMapping: mapping('Busy', 'Slow', { BatchSize: 1, ScalingConfig: { MaximumConcurrency: 3 } }),
};
const queues = ['Work', 'DeadLetters', 'Failing', 'FailingLetters', 'Filtered', 'Plain', 'Busy'];
const outputs = Object.fromEntries(queues.map((name) => [name, { Value: { Ref: name } }]));

let cloud: FixtureCloud;
beforeAll(async () => {
  cloud = await startFixture({ code, resources, outputs, grants: queues.map(pollGrant) });
});
afterAll(() => cloud[Symbol.asyncDispose]());

const url = (name: string): string => cloud.outputs['Fixture']?.[name] ?? '';

async function send(name: string, bodies: readonly string[], extra: object = {}): Promise<void> {
  const Entries = bodies.map((MessageBody, index) => ({ Id: String(index), MessageBody, ...extra }));
  await cloud.call('sqs', 'SendMessageBatch', { QueueUrl: url(name), Entries }, ROOT);
}

async function left(name: string): Promise<Record<string, string>> {
  const input = { QueueUrl: url(name), AttributeNames: ['All'] };
  const { Attributes } = await cloud.call('sqs', 'GetQueueAttributes', input, ROOT);
  const all = Attributes as Record<string, string>;
  return {
    visible: all['ApproximateNumberOfMessages'] ?? '',
    inFlight: all['ApproximateNumberOfMessagesNotVisible'] ?? '',
  };
}

/** Pauses or resumes the mapping of a queue. */
async function enable(name: string, Enabled: boolean): Promise<void> {
  const { EventSourceMappings } = await cloud.call('lambda', 'ListEventSourceMappings', {}, ROOT);
  const all = EventSourceMappings as { UUID: string; EventSourceArn: string }[];
  const UUID = all.find(({ EventSourceArn }) => EventSourceArn.includes(`:Fixture-${name}-`))?.UUID;
  await cloud.call('lambda', 'UpdateEventSourceMapping', { UUID, Enabled }, ROOT);
}

const EMPTY = { visible: '0', inFlight: '0' };

function logged(line: string): (event: Extract<CloudEvent, { code: 'lambda.log' }>) => boolean {
  return (event) => event.line.includes(line);
}

test('a batch collects messages within its window; processed messages are deleted, failed ones return', async () => {
  await send('Work', ['a', 'b', 'fail-c']);
  await cloud.event('lambda.log', logged('batch ["a","b","fail-c"]'));
  // The redrive policy allows one receive, so exactly the returned messages move to the dead-letter queue.
  const dead = await cloud.call(
    'sqs',
    'ReceiveMessage',
    { QueueUrl: url('DeadLetters'), WaitTimeSeconds: 10, MaxNumberOfMessages: 10 },
    ROOT,
  );
  expect(dead['Messages']).toMatchObject([{ Body: 'fail-c' }]);
  await expect.poll(() => left('Work')).toEqual(EMPTY);
});

test.each(['throw', 'malformed'])(
  'a function that fails or returns an invalid response (%s) leaves its whole batch in the queue',
  async (body) => {
    await send('Failing', [body, `beside ${body}`]);
    await enable('Failing', true);
    const bodies = new Set<string>();
    while (bodies.size < 2) {
      const input = { QueueUrl: url('FailingLetters'), WaitTimeSeconds: 10, MaxNumberOfMessages: 10 };
      const { Messages } = await cloud.call('sqs', 'ReceiveMessage', input, ROOT);
      for (const message of (Messages ?? []) as { Body: string }[]) {
        if (message.Body.endsWith(body)) bodies.add(message.Body);
      }
    }
    await enable('Failing', false);
    expect(bodies).toEqual(new Set([body, `beside ${body}`]));
  },
);

test('messages that match no filter are deleted without an invocation', async () => {
  const wanted = JSON.stringify({ kind: 'wanted' });
  await send('Filtered', [JSON.stringify({ kind: 'other' }), 'no json', wanted]);
  await cloud.event('lambda.log', logged(`batch ${JSON.stringify([wanted])}`));
  await expect.poll(() => left('Filtered')).toEqual(EMPTY);
});

test('a record has the format that AWS documents', async () => {
  const MessageAttributes = { tenant: { DataType: 'String', StringValue: 'acme' } };
  await send('Plain', ['{"x":1}'], { MessageAttributes });
  const { line } = await cloud.event('lambda.log', logged('record {'));
  expect(JSON.parse(line.slice(line.indexOf('{')))).toEqual({
    messageId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    receiptHandle: expect.any(String),
    body: '{"x":1}',
    attributes: expect.objectContaining({
      ApproximateReceiveCount: '1',
      SentTimestamp: expect.stringMatching(/^\d{13}$/),
      ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/),
      SenderId: expect.any(String),
    }),
    messageAttributes: {
      tenant: { dataType: 'String', stringValue: 'acme', stringListValues: [], binaryListValues: [] },
    },
    md5OfBody: expect.stringMatching(/^[0-9a-f]{32}$/),
    md5OfMessageAttributes: expect.stringMatching(/^[0-9a-f]{32}$/),
    eventSource: 'aws:sqs',
    eventSourceARN: expect.stringMatching(/^arn:aws:sqs:us-east-1:000000000000:Fixture-Plain-/),
    awsRegion: 'us-east-1',
  });
});

test('at most the maximum concurrency of batches runs, and other messages stay visible in the queue', async () => {
  await send('Busy', ['1', '2', '3', '4', '5']);
  const seen: Record<string, string>[] = [];
  await expect
    .poll(
      async () => {
        seen.push(await left('Busy'));
        return seen.at(-1);
      },
      { interval: 10, timeout: 90_000 },
    )
    .toEqual(EMPTY);
  const inFlight = seen.map((counts) => Number(counts['inFlight']));
  expect(Math.max(...inFlight)).toBe(3);
});

test('a mapping can be paused and resumed by API', async () => {
  await enable('Plain', false);
  await send('Plain', ['while paused']);
  expect(await left('Plain')).toEqual({ visible: '1', inFlight: '0' });
  await enable('Plain', true);
  await cloud.event('lambda.log', logged('while paused'));
});

test('a queue with a visibility timeout shorter than the time limit of its function is rejected', async () => {
  const tooShort = {
    Queue: queue({ VisibilityTimeout: 2 }),
    Fn: functionResource('shape', { Timeout: 3 }),
    Mapping: mapping('Queue', 'Fn'),
  };
  await expect(startFixture({ code, resources: tooShort, grants: [pollGrant('Queue')] })).rejects.toThrow(
    'Fixture/Mapping: InvalidParameterValueException: Queue visibility timeout: 2 seconds is less than Function timeout: 3 seconds',
  );
});
