import { DeleteObjectCommand, GetObjectCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';

/** An object of what a stream's router, or Lambda, set aside. */
export interface SetAside {
  readonly key: string;
  readonly bytes: number;
  /** `records`: rejected by the router. `effects`: they failed. `given up`: Lambda could not route them. */
  readonly kind: 'records' | 'effects' | 'given up';
}

/** Lists what was set aside, of all routers of the bucket or of one. Lambda's own objects name no router. */
export async function* setAsideIn(client: S3Client, bucket: string, router = ''): AsyncGenerator<SetAside> {
  const rejected = router === '' ? 'rejected/' : `rejected/${router}/`;
  for (const prefix of [rejected, 'aws/lambda/'])
    for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix }))
      for (const { Key: key = '', Size: bytes = 0 } of Contents) yield { key, bytes, kind: kindOf(key) };
}

function kindOf(key: string): SetAside['kind'] {
  if (key.startsWith('aws/lambda/')) return 'given up';
  return key.split('/')[2] === 'effects' ? 'effects' : 'records';
}

/** Reads an object as JSON. */
export async function readJson(client: S3Client, bucket: string, key: string): Promise<unknown> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  return JSON.parse((await Body?.transformToString()) ?? 'null') as unknown;
}

/** Removes an object whose content was sent again. The bucket keeps it for 30 days as an old version. */
export async function remove(client: S3Client, bucket: string, key: string): Promise<void> {
  await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
}
