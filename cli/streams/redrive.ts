import type { KinesisClient } from '@aws-sdk/client-kinesis';
import type { S3Client } from '@aws-sdk/client-s3';
import { z } from 'zod';
import { putInOrder, type StreamRecord } from '#adapters/kinesis/put-events.ts';
import type { SubjectStore } from '#core/ports/subject-store.ts';
import { failedEffectsSchema, rejectedSchema, waitsAgain, type FailedEffects } from '#core/streams/again.ts';
import { EMPTY } from '#core/streams/subject-item.ts';
import { readJson, remove, setAsideIn, type SetAside } from './objects.ts';

export interface RedrivePorts {
  readonly s3: S3Client;
  readonly kinesis: KinesisClient;
  readonly subjects: SubjectStore;
  readonly now: number;
}

export interface Redriven {
  readonly records: number;
  readonly effects: number;
  /** Objects that could not be read or sent, each with the reason. They stay. */
  readonly kept: readonly { readonly key: string; readonly reason: string }[];
}

/** The invocation that Lambda gave up, as it writes it to a bucket. */
const givenUpSchema = z.object({
  payload: z.union([z.string().transform((text): unknown => JSON.parse(text)), z.unknown()]).pipe(
    z.object({
      Records: z.array(z.object({ kinesis: z.object({ partitionKey: z.string(), data: z.base64() }) })),
    }),
  ),
});

/**
 * Sends what was set aside again, and removes it: records to the stream, effects to the outbox of their subject. An event
 * that was applied meanwhile is dropped as a duplicate. An object that fails stays, and the rest goes on.
 */
export async function redrive(
  ports: RedrivePorts,
  at: { bucket: string; stream: string; router: string },
): Promise<Redriven> {
  const kept: { key: string; reason: string }[] = [];
  let [records, effects] = [0, 0];
  for await (const object of setAsideIn(ports.s3, at.bucket, at.router)) {
    try {
      const json = await readJson(ports.s3, at.bucket, object.key);
      if (object.kind === 'effects') {
        const { effects: failed } = failedEffectsSchema.parse(json);
        await perform(ports, failed);
        effects += failed.length;
      } else {
        const sent = recordsOf(object, json);
        await putInOrder(ports.kinesis, at.stream, sent);
        records += sent.length;
      }
      await remove(ports.s3, at.bucket, object.key);
    } catch (error) {
      kept.push({ key: object.key, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  return { records, effects, kept };
}

function recordsOf({ kind }: SetAside, json: unknown): readonly StreamRecord[] {
  if (kind === 'given up')
    return givenUpSchema.parse(json).payload.Records.map(({ kinesis: { partitionKey, data } }) => ({
      key: partitionKey,
      bytes: Buffer.from(data, 'base64'),
    }));
  return rejectedSchema.parse(json).records.map(({ key, bytes }) => ({ key, bytes: Buffer.from(bytes, 'base64') }));
}

/** Once more if a router wrote the subject meanwhile. */
const TRIES = 5;

async function perform({ subjects, now }: RedrivePorts, failed: FailedEffects): Promise<void> {
  for (const { subject, effect } of failed) {
    let outcome = 'refused';
    for (let tries = 0; outcome === 'refused' && tries < TRIES; tries += 1) {
      const item = (await subjects.getMany([subject])).get(subject) ?? EMPTY;
      const next = waitsAgain(item, effect, now);
      outcome = next === null ? 'waits' : await subjects.write(subject, next);
    }
    if (outcome === 'refused') throw new Error(`${subject} is written all the time. Try again later.`);
  }
}
