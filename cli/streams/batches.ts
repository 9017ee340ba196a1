import { z } from 'zod';
import { rejectedSchema } from '#core/streams/again.ts';
import type { SetAside } from './objects.ts';

/** An event for the router's function, with records that were set aside. */
export interface Batch {
  readonly payload: object;
  readonly records: number;
}

/** An invocation of Lambda takes 6 MB. The rest is for names and positions. */
const MAX_CHARS = 5_000_000;

/** The invocation that Lambda gave up, as it writes it to a bucket: of Kinesis, or of Kafka by topic and partition. */
const givenUpSchema = z.object({
  payload: z
    .union([z.string().transform((text): unknown => JSON.parse(text)), z.unknown()])
    .pipe(
      z.union([
        z.looseObject({ Records: z.array(z.unknown()).min(1) }),
        z.looseObject({ records: z.record(z.string(), z.array(z.unknown())) }),
      ]),
    ),
});

/**
 * The records of an object as events of the router's function. What Lambda gave up is the event that it was. What the router
 * rejected becomes events of a Kafka topic that nobody has, since the router reads both kinds.
 * @param first position of the first record: another one for each record, since they name what is rejected again
 */
export function batchesOf({ kind }: Pick<SetAside, 'kind'>, json: unknown, first: number): readonly Batch[] {
  if (kind === 'given up') {
    const { payload } = givenUpSchema.parse(json);
    const records = 'Records' in payload ? payload.Records : Object.values(payload.records).flat();
    return [{ payload, records: Array.isArray(records) ? records.length : 0 }];
  }
  const timestamp = Date.now();
  const records = rejectedSchema.parse(json).records.map(({ key, bytes }, index) => ({
    topic: TOPIC,
    partition: 0,
    offset: first + index,
    timestamp,
    key: Buffer.from(key).toString('base64'),
    value: bytes,
  }));
  return partsOf(records).map((part) => ({ payload: { records: { [`${TOPIC}-0`]: part } }, records: part.length }));
}

const TOPIC = 'redrive';

function partsOf<Each extends { readonly value: string }>(records: readonly Each[]): readonly (readonly Each[])[] {
  const parts: Each[][] = [];
  let chars = Infinity;
  for (const record of records) {
    chars += record.value.length;
    if (chars > MAX_CHARS) {
      parts.push([]);
      chars = record.value.length;
    }
    parts.at(-1)?.push(record);
  }
  return parts;
}
