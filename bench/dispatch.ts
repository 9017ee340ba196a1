import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { z } from 'zod';
import type { Output } from '#cli/terminal/output.ts';
import { wholeOption } from '#cli/whole-option.ts';
import { localClient } from '#cli/fleet/connection.ts';
import { startFixture } from '@agent-fleet/local-cloud/testing/cloud';
import { percentile } from './percentile.ts';
import { queueWithWorker } from './queue-with-worker.ts';

/** The command-line options of `bench dispatch`. */
export const dispatchBenchOptions = z.strictObject({
  messages: wholeOption(1, 1_000_000),
  json: z.boolean().default(false),
});

export interface DispatchFigures {
  readonly messages: number;
  /** Time from a visible message in the queue to the first line of its handler, in a warm worker. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly longestMs: number;
  /** Time to load the handler in a new worker. */
  readonly coldStartMs: number;
}

/** Epoch milliseconds with fractions, the same in every thread. SQS's own send time has whole milliseconds only. */
const NOW = 'performance.timeOrigin + performance.now()';
const HANDLER = `export const handler = async ({ Records }) => {
  const started = ${NOW};
  for (const { body } of Records) {
    const [number, sentAt] = body.split(' ');
    console.log('message ' + number + ' waited ' + (started - Number(sentAt)));
  }
};`;

/** Sends messages one by one, each after the previous one has reached its handler. */
export async function benchDispatch(messages: number, output: Output): Promise<DispatchFigures> {
  await using cloud = await startFixture(queueWithWorker({ code: HANDLER }));
  const client = new SQSClient({ ...localClient(cloud.endpoint), credentials: cloud.credentials });
  const QueueUrl = cloud.outputs['Fixture']?.['Url'];
  const waits: number[] = [];
  for (let sent = 0; sent <= messages; sent += 1) {
    const arrived = cloud.event('lambda.log', ({ line }) => line.includes(`message ${sent} waited `));
    const MessageBody = `${sent} ${performance.timeOrigin + performance.now()}`;
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody }));
    const { line } = await arrived;
    // The first message starts the worker.
    if (sent > 0) waits.push(Number(line.split(' waited ')[1]));
    output.progress(`${sent}/${messages} messages`);
  }
  client.destroy();
  const coldStart = cloud.events.find((event) => event.code === 'lambda.cold-start');
  return {
    messages,
    p50Ms: round(percentile(waits, 0.5)),
    p99Ms: round(percentile(waits, 0.99)),
    longestMs: round(percentile(waits, 1)),
    coldStartMs: round(coldStart?.initMs ?? Number.NaN),
  };
}

const round = (ms: number): number => Math.round(ms * 10) / 10;
