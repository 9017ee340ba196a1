import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { PutObjectCommandInput } from '@aws-sdk/client-s3';
import { onTestFinished } from 'vitest';
import { createS3 } from '../src/services/s3/service.ts';
import type { S3Options } from '../src/services/s3/service.ts';
import { ServiceError } from '../src/services/service.ts';
import type { CallService, Service, ServiceInput } from '../src/services/service.ts';
import { judge, notOurs } from './judge.ts';
import { serve, temporaryFolder } from './serve.ts';

export interface S3 {
  readonly client: S3Client;
  readonly service: Service;
  readonly url: string;
  readonly dataDir: string;
  bucket(name: string): Promise<string>;
  put(Bucket: string, Key: string, Body: string | Uint8Array, more?: Partial<PutObjectCommandInput>): Promise<string>;
  get(Bucket: string, Key: string, VersionId?: string): Promise<string>;
  close(): Promise<void>;
}

/** Starts an S3 on a free port, with a path-style client. Closes it when the test ends. */
export async function startS3(options: Partial<S3Options> = {}): Promise<S3> {
  const dataDir = options.dataDir ?? temporaryFolder();
  const call: CallService = (service) =>
    Promise.reject(new ServiceError('NotFound', `There is no ${service} in this test.`));
  const other = await judge(options);
  const served = other
    ? { ...other, service: notOurs<Service>(), close: async () => undefined }
    : await serve(() => createS3({ call, account: '000000000000', region: 'us-east-1', ...options, dataDir }));
  const client = new S3Client({ ...served.client, forcePathStyle: true });
  let closed: Promise<void> | undefined;
  const close = () => (closed ??= served.close());
  onTestFinished(close);
  return {
    client,
    service: served.service,
    url: served.url,
    dataDir,
    close,
    async bucket(Bucket) {
      await client.send(new CreateBucketCommand({ Bucket }));
      return Bucket;
    },
    async put(Bucket, Key, Body, more) {
      const answer = await client.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
      return answer.ETag ?? '';
    },
    async get(Bucket, Key, VersionId) {
      const answer = await client.send(new GetObjectCommand({ Bucket, Key, VersionId }));
      return (await answer.Body?.transformToString()) ?? '';
    },
  };
}

/** Records the calls of a service to other services. A test can wait for them. */
export class Calls {
  readonly made: { service: string; action: string; input: ServiceInput }[] = [];
  #waiting: { count: number; resolve: () => void }[] = [];

  readonly call: CallService = (service, action, input) => {
    if (action === 'GetQueueUrl') return Promise.resolve({ QueueUrl: input['QueueName'] });
    this.made.push({ service, action, input });
    this.#waiting = this.#waiting.filter(({ count, resolve }) => {
      if (this.made.length < count) return true;
      resolve();
      return false;
    });
    return Promise.resolve({});
  };

  /** Resolves when `count` calls have been made. */
  reached(count: number): Promise<void> {
    if (this.made.length >= count) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ count, resolve }));
  }
}
