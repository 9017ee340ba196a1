import { expect } from 'vitest';
import { ROOT } from '../../src/services/service.ts';
import { functionResource } from '../../testing/cloud.ts';
import type { FixtureCloud } from '../../testing/cloud.ts';

/** The permissions that a mapping of a stream needs on the function's role. */
export const READ_GRANT = {
  Effect: 'Allow',
  Action: ['kinesis:DescribeStream', 'kinesis:GetRecords', 'kinesis:GetShardIterator', 'kinesis:ListShards'],
  Resource: '*',
};

/** Logs the texts of its records, and fails as they say. */
export const WORKER = `export const handler = async ({ Records }) => {
  const texts = Records.map(({ kinesis }) => Buffer.from(kinesis.data, 'base64').toString());
  console.log('batch ' + JSON.stringify(texts));
  if (texts.some((text) => text === 'throw')) throw new Error('as told');
  if (texts.some((text) => text.startsWith('slow'))) await new Promise((done) => setTimeout(done, 30));
  const failed = Records.filter((_, index) => texts[index].startsWith('fail'));
  return { batchItemFailures: failed.map(({ kinesis }) => ({ itemIdentifier: kinesis.sequenceNumber })) };
};`;

export const stream = (properties: object = {}) => ({
  Type: 'AWS::Kinesis::Stream',
  Properties: { ShardCount: 1, ...properties },
});

export const mapping = (streamId: string, functionId: string, properties: object = {}) => ({
  Type: 'AWS::Lambda::EventSourceMapping',
  Properties: {
    EventSourceArn: { 'Fn::GetAtt': [streamId, 'Arn'] },
    FunctionName: { Ref: functionId },
    StartingPosition: 'TRIM_HORIZON',
    ...properties,
  },
});

export const worker = (properties: object = {}) =>
  functionResource('worker', { FunctionName: undefined, ...properties });

/** Puts records; each text is `key=text` or a text under its own key. */
export async function put(cloud: FixtureCloud, StreamName: string, texts: readonly string[]): Promise<void> {
  const Records = texts.map((text) => ({
    PartitionKey: text.split('=')[0] ?? text,
    Data: Buffer.from(text).toString('base64'),
  }));
  await cloud.call('kinesis', 'PutRecords', { StreamName, Records }, ROOT);
}

/** All batches of a function so far. */
export function batches(cloud: FixtureCloud): string[][] {
  return cloud.events.flatMap((event) =>
    event.code === 'lambda.log' && event.line.includes('batch [')
      ? [JSON.parse(event.line.slice(event.line.indexOf('['))) as string[]]
      : [],
  );
}

/** Expects a value that comes to be, with time for a busy machine: it ends as soon as the value is right. */
export async function expectSoon<T>(value: () => T | Promise<T>, expected: T): Promise<void> {
  await expect.poll(value, { timeout: 90_000 }).toEqual(expected);
}
