// Makes the SDK sign for all regions (SigV4A), which this service asks for.
import '@aws-sdk/signature-v4a';
import {
  CloudFrontKeyValueStoreClient,
  ConflictException,
  DescribeKeyValueStoreCommand,
  ListKeysCommand,
  UpdateKeysCommand,
} from '@aws-sdk/client-cloudfront-keyvaluestore';
import type { EdgeMarks } from '#core/ports/edge-marks.ts';
import { timeouts } from '../aws/timeouts.ts';

export interface CloudfrontEdgeMarksOptions {
  /** ARN of the KeyValueStore. */
  readonly store: string;
  /** @default a client of this process */
  readonly client?: CloudFrontKeyValueStoreClient;
}

/** A store has a key per region, so a page is all of it. */
const MAX_KEYS = 50;

/** Marks in a KeyValueStore of CloudFront. Its edges see a change within seconds. */
export function cloudfrontEdgeMarks({ store: KvsARN, client = madeHere() }: CloudfrontEdgeMarksOptions): EdgeMarks {
  return {
    async read() {
      const { ETag: version = '' } = await client.send(new DescribeKeyValueStoreCommand({ KvsARN }));
      const { Items = [] } = await client.send(new ListKeysCommand({ KvsARN, MaxResults: MAX_KEYS }));
      return { version, marks: new Map(Items.map(({ Key = '', Value = '' }) => [Key, Value])) };
    },
    async write(version, { put, remove }) {
      const Puts = [...put].map(([Key, Value]) => ({ Key, Value }));
      const Deletes = remove.map((Key) => ({ Key }));
      try {
        await client.send(new UpdateKeysCommand({ KvsARN, IfMatch: version, Puts, Deletes }));
        return 'written';
      } catch (error) {
        if (error instanceof ConflictException) return 'conflict';
        throw error;
      }
    },
  };
}

const madeHere = (): CloudFrontKeyValueStoreClient =>
  new CloudFrontKeyValueStoreClient({ maxAttempts: 2, requestHandler: timeouts({ requestTimeout: 2_000 }) });
