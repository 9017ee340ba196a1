import type { S3Client } from '@aws-sdk/client-s3';
import type { SubjectStore } from '#core/ports/subject-store.ts';
import { failedEffectsSchema, waitsAgain, type FailedEffects } from '#core/streams/again.ts';
import { EMPTY } from '#core/streams/subject-item.ts';
import { batchesOf } from './batches.ts';
import { readJson, remove, setAsideIn } from './objects.ts';

export interface RedrivePorts {
  readonly s3: S3Client;
  /** Has the router route records. Throws if it does not. */
  readonly route: (payload: object) => Promise<void>;
  readonly subjects: SubjectStore;
  readonly now: number;
}

export interface Redriven {
  readonly records: number;
  readonly effects: number;
  /** Objects that could not be read or sent, each with the reason. They stay. */
  readonly kept: readonly { readonly key: string; readonly reason: string }[];
}

/**
 * Has what was set aside routed again, and removes it: records by the router's function, whichever stream it reads, effects
 * by the outbox of their subject. An event that was applied meanwhile is dropped as a duplicate. An object that fails stays,
 * and the rest goes on.
 */
export async function redrive(ports: RedrivePorts, at: { bucket: string; router: string }): Promise<Redriven> {
  const kept: { key: string; reason: string }[] = [];
  let [records, effects] = [0, 0];
  // As a list, since what is rejected again is a new object.
  for (const object of await Array.fromAsync(setAsideIn(ports.s3, at.bucket, at.router))) {
    try {
      const json = await readJson(ports.s3, at.bucket, object.key);
      if (object.kind === 'effects') {
        const { effects: failed } = failedEffectsSchema.parse(json);
        await perform(ports, failed);
        effects += failed.length;
      } else {
        for (const batch of batchesOf(object, json, ports.now * POSITIONS + records)) {
          await ports.route(batch.payload);
          records += batch.records;
        }
      }
      await remove(ports.s3, at.bucket, object.key);
    } catch (error) {
      kept.push({ key: object.key, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  return { records, effects, kept };
}

/** Records of one millisecond that have different positions. */
const POSITIONS = 1_000;

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
