import { setTimeout as delay } from 'node:timers/promises';
import { PutRecordsCommand, type KinesisClient } from '@aws-sdk/client-kinesis';

/** A record for a stream. */
export interface StreamRecord {
  /** Partition key: records of one key keep their order. */
  readonly key: string;
  readonly bytes: Uint8Array;
}

/** Kinesis takes 500 records and 5 MiB in one request. */
const BATCH = 250;
const BATCH_BYTES = 4_000_000;
const FIRST_WAIT_MS = 100;
const MAX_WAIT_MS = 2_000;
/** Failed requests in a row before it gives up: half a minute. */
const MAX_FAILURES = 20;

/**
 * Puts records in their order. What Kinesis does not take, such as beyond its rate, is sent again before anything else, and a
 * request has each key once: so order holds per key. Throws if Kinesis takes nothing for half a minute.
 */
export async function putInOrder(
  client: KinesisClient,
  stream: string,
  records: readonly StreamRecord[],
  signal?: AbortSignal,
): Promise<void> {
  let waiting = records;
  for (let failures = 0; waiting.length > 0;) {
    signal?.throwIfAborted();
    const batch = firstOf(waiting);
    const failed = await putBatch(client, stream, batch);
    waiting = [...failed, ...waiting.slice(batch.length)];
    failures = failed.length < batch.length ? 0 : failures + 1;
    if (failures >= MAX_FAILURES) throw new Error(`The stream ${stream} takes no records. Add shards, then retry.`);
    const waitMs = Math.min(MAX_WAIT_MS, FIRST_WAIT_MS * 2 ** failures);
    if (failed.length > 0) await delay(waitMs, undefined, { signal });
  }
}

async function putBatch(client: KinesisClient, stream: string, batch: readonly StreamRecord[]) {
  const Records = batch.map(({ key, bytes }) => ({ PartitionKey: key, Data: bytes }));
  const answer = await client.send(new PutRecordsCommand({ StreamName: stream, Records }));
  return batch.filter((_, index) => answer.Records?.[index]?.ErrorCode !== undefined);
}

/** The first records with different keys. One that fails must not be overtaken by the next one of its key. */
function firstOf(records: readonly StreamRecord[]): readonly StreamRecord[] {
  let bytes = 0;
  const batch: StreamRecord[] = [];
  const keys = new Set<string>();
  for (const record of records.slice(0, BATCH)) {
    if (batch.length > 0 && (bytes + record.bytes.length > BATCH_BYTES || keys.has(record.key))) break;
    keys.add(record.key);
    bytes += record.bytes.length;
    batch.push(record);
  }
  return batch;
}
