import {
  CreateStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  DeleteStreamCommand,
  KinesisClient,
  ListStreamsCommand,
  waitUntilStreamExists,
  waitUntilStreamNotExists,
} from '@aws-sdk/client-kinesis';
import type { _Record as KinesisRecord, GetRecordsCommandOutput, ShardIteratorType } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { onTestFinished } from 'vitest';
import { createKinesis } from '../src/services/kinesis/service.ts';
import type { KinesisService } from '../src/services/kinesis/service.ts';
import type { StoreOptions } from '../src/services/kinesis/store.ts';
import { judge, notOurs } from './judge.ts';
import { serve } from './serve.ts';

export interface Kinesis {
  readonly client: KinesisClient;
  readonly service: KinesisService;
  readonly url: string;
  /** Creates a stream with this number of shards. */
  stream(name: string, shards?: number): Promise<string>;
  iterator(StreamName: string, ShardId: string, type?: ShardIteratorType): Promise<string>;
  read(iterator: string | undefined, limit?: number): Promise<GetRecordsCommandOutput>;
  close(): Promise<void>;
}

/** Starts a Kinesis on a free port, with the client as the SDK makes it by default. Closes both when the test ends. */
export async function startKinesis(options: Partial<StoreOptions> = {}): Promise<Kinesis> {
  const other = await judge(options);
  const served = other
    ? { ...other, service: notOurs<KinesisService>(), close: async () => undefined }
    : await serve(() => createKinesis({ account: '000000000000', region: 'us-east-1', ...options }));
  // The emulators speak HTTP/1.1 only.
  const client = new KinesisClient({ ...served.client, ...(other && { requestHandler: new NodeHttpHandler() }) });
  if (other) await deleteStreams(client);
  let closed: Promise<void> | undefined;
  const close = () => {
    client.destroy();
    return (closed ??= served.close());
  };
  onTestFinished(close);
  return {
    client,
    service: served.service,
    url: served.url,
    close,
    async stream(StreamName, ShardCount = 1) {
      await client.send(new CreateStreamCommand({ StreamName, ShardCount }));
      if (other) await waitUntilStreamExists({ client, maxWaitTime: 10, minDelay: 1 }, { StreamName });
      return StreamName;
    },
    async iterator(StreamName, ShardId, ShardIteratorType = 'TRIM_HORIZON') {
      const answer = await client.send(new GetShardIteratorCommand({ StreamName, ShardId, ShardIteratorType }));
      return answer.ShardIterator ?? '';
    },
    read: (ShardIterator, Limit) => client.send(new GetRecordsCommand({ ShardIterator, Limit })),
  };
}

/** The text of records. */
export const texts = (records: readonly KinesisRecord[] | undefined): string[] =>
  (records ?? []).map(({ Data }) => Buffer.from(Data ?? []).toString('utf8'));

/** Empties an emulator that other tests have used. */
async function deleteStreams(client: KinesisClient): Promise<void> {
  const { StreamNames = [] } = await client.send(new ListStreamsCommand({}));
  for (const StreamName of StreamNames) {
    await client.send(new DeleteStreamCommand({ StreamName }));
    await waitUntilStreamNotExists({ client, maxWaitTime: 10, minDelay: 1 }, { StreamName });
  }
}
