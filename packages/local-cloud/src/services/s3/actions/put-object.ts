import { z } from 'zod';
import { writeCheck } from '../conditions.ts';
import type { Checksum } from '../checksums.ts';
import { BYTES_HEADERS, BytesInput, writeBytes } from './bytes.ts';
import { defined, operation } from './operation.ts';
import {
  BUCKET_HEADERS,
  description,
  DESCRIPTION_HEADERS,
  DescriptionInput,
  ObjectInput,
  quoted,
  receipt,
  versionIdOf,
} from './shapes.ts';

export const WriteConditionsInput = { IfMatch: z.string().optional(), IfNoneMatch: z.literal('*').optional() };
export const WRITE_CONDITION_HEADERS = { 'if-match': 'IfMatch', 'if-none-match': 'IfNoneMatch' };

const Input = z.strictObject({ ...ObjectInput, ...DescriptionInput, ...BytesInput, ...WriteConditionsInput });

export const putObject = operation(
  Input,
  {
    method: 'PUT',
    on: 'object',
    headers: { ...BUCKET_HEADERS, ...DESCRIPTION_HEADERS, ...BYTES_HEADERS, ...WRITE_CONDITION_HEADERS },
    metadata: true,
    body: 'stream',
  },
  async ({ store, caller }, input) => {
    store.bucket(input.Bucket);
    const described = description(input);
    const { blob, checksum } = await writeBytes(store, input);
    const full: Checksum | undefined = checksum && { ...checksum, type: 'FULL_OBJECT' };
    const blobs = [{ name: blob.name, size: blob.size }];
    const draft = { ...described, key: input.Key, size: blob.size, etag: blob.md5, blobs, checksum: full };
    try {
      const change = { principal: caller.principal, check: writeCheck(input) };
      const version = await store.put(input.Bucket, draft, 'ObjectCreated:Put', change);
      return defined({ ETag: quoted(version.etag), VersionId: versionIdOf(store, version), ...receipt(version) });
    } catch (error) {
      await store.blobs.remove(blobs);
      throw error;
    }
  },
);
