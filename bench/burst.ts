import { setInterval } from 'node:timers/promises';
import { GetQueueAttributesCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { z } from 'zod';
import type { Output } from '#cli/terminal/output.ts';
import { wholeOption } from '#cli/whole-option.ts';
import { localClient } from '#cli/fleet/connection.ts';
import { startFixture } from '@agent-fleet/local-cloud/testing/cloud';
import { queueWithWorker } from './queue-with-worker.ts';

/** The command-line options of `bench burst`. */
export const burstBenchOptions = z.strictObject({
  messages: wholeOption(1, 100_000),
  latency: wholeOption(1, 60_000),
  workers: wholeOption(20, 500),
  chart: z.string().min(1).optional(),
  json: z.boolean().default(false),
});
export type BurstBenchOptions = z.infer<typeof burstBenchOptions>;

/** The queue and its workers at one moment. */
export interface BurstSample {
  /** Seconds since the first message was sent. */
  readonly seconds: number;
  readonly waiting: number;
  /** Workers that are handling a message. */
  readonly busy: number;
}

/** One burst of messages with one kind of scaling, from its first message to its last. */
export interface Burst {
  readonly mode: 'standard' | 'provisioned';
  readonly seconds: number;
  readonly samples: readonly BurstSample[];
}

const SAMPLE_MS = 250;

/** A worker that only waits, like a worker that waits for a model. */
const handler = (latency: number): string =>
  `export const handler = () => new Promise((resolve) => setTimeout(resolve, ${latency}));`;

function fixture(mode: Burst['mode'], { latency, workers }: BurstBenchOptions) {
  // A provisioned poller allows 10 concurrent invocations; the minimum is 2 (packages/local-cloud/src/lambda/mappings/scaling.ts).
  const scaling =
    mode === 'standard'
      ? { ScalingConfig: { MaximumConcurrency: workers } }
      : { ProvisionedPollerConfig: { MinimumPollers: 2, MaximumPollers: Math.ceil(workers / 10) } };
  return queueWithWorker({ code: handler(latency), settings: { Timeout: 120 }, scaling });
}

/** Measures a burst of messages, first with the standard ramp, then with provisioned pollers. */
export async function benchBurst(options: BurstBenchOptions, output: Output): Promise<readonly Burst[]> {
  return [await burst('standard', options, output), await burst('provisioned', options, output)];
}

async function burst(mode: Burst['mode'], options: BurstBenchOptions, output: Output): Promise<Burst> {
  await using cloud = await startFixture(fixture(mode, options));
  const client = new SQSClient({ ...localClient(cloud.endpoint), credentials: cloud.credentials });
  const QueueUrl = cloud.outputs['Fixture']?.['Url'];
  const startedAt = performance.now();
  for (let sent = 0; sent < options.messages; sent += 10) {
    const Entries = Array.from({ length: Math.min(10, options.messages - sent) }, (_, at) => ({
      Id: String(at),
      MessageBody: String(sent + at),
    }));
    await client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  }
  const samples: BurstSample[] = [];
  for await (const _ of setInterval(SAMPLE_MS)) {
    const { Attributes = {} } = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
    const waiting = Number(Attributes['ApproximateNumberOfMessages']);
    const busy = Number(Attributes['ApproximateNumberOfMessagesNotVisible']);
    samples.push({ seconds: Math.round(performance.now() - startedAt) / 1000, waiting, busy });
    output.progress(`${mode}: ${waiting} waiting, ${busy} workers`);
    if (waiting + busy === 0) break;
  }
  client.destroy();
  return { mode, seconds: samples.at(-1)?.seconds ?? 0, samples };
}
