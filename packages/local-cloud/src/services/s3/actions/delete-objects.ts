import { z } from 'zod';
import { asServiceError } from '../../http.ts';
import type { ServiceOutput } from '../../service.ts';
import { writeCheck } from '../conditions.ts';
import { checkKey } from '../errors.ts';
import { defined, operation, readDocument } from './operation.ts';
import type { S3Context } from './operation.ts';
import { BUCKET_HEADERS, BucketInput, ObjectInput } from './shapes.ts';

const Input = z.strictObject({ ...ObjectInput, VersionId: z.string().optional(), IfMatch: z.string().optional() });

interface Target {
  readonly Key: string;
  readonly VersionId?: string | undefined;
  readonly IfMatch?: string | undefined;
}

async function remove({ store, caller }: S3Context, bucket: string, target: Target): Promise<ServiceOutput> {
  const change = { principal: caller.principal, check: writeCheck({ IfMatch: target.IfMatch }) };
  const { removed, marker } = await store.remove(bucket, target.Key, target.VersionId, change);
  return defined({
    DeleteMarker: marker !== undefined || removed?.deleteMarker === true ? true : undefined,
    VersionId: marker?.versionId ?? target.VersionId,
  });
}

export const deleteObject = operation(
  Input,
  {
    method: 'DELETE',
    on: 'object',
    query: { versionId: 'VersionId' },
    headers: { ...BUCKET_HEADERS, 'if-match': 'IfMatch' },
    status: 204,
  },
  (context, input) => remove(context, input.Bucket, input),
);

const ManyInput = z.strictObject({
  ...BucketInput,
  ContentMD5: z.string().optional(),
  ChecksumAlgorithm: z.string().optional(),
  Delete: z.strictObject({
    Objects: z
      .array(z.strictObject({ Key: z.string(), VersionId: z.string().optional(), ETag: z.string().optional() }))
      .min(1)
      .max(1000),
    Quiet: z.stringbool().or(z.boolean()).default(false),
  }),
});

/** Deletes up to 1,000 objects and reports each separately. */
export const deleteObjects = operation(
  ManyInput,
  {
    method: 'POST',
    on: 'bucket',
    marks: ['delete'],
    headers: { ...BUCKET_HEADERS, 'content-md5': 'ContentMD5', 'x-amz-sdk-checksum-algorithm': 'ChecksumAlgorithm' },
    body: { root: 'Delete', read: readDelete },
    xml: (output) => ({
      root: 'DeleteResult',
      content: { Deleted: output['Deleted'], Error: output['Errors'] } as never,
    }),
  },
  async (context, { Bucket, Delete }) => {
    context.store.bucket(Bucket);
    const Deleted: ServiceOutput[] = [];
    const Errors: ServiceOutput[] = [];
    for (const { Key, VersionId, ETag } of Delete.Objects) {
      try {
        checkKey(Key);
        const done = await remove(context, Bucket, { Key, VersionId, IfMatch: ETag });
        const marker =
          done['DeleteMarker'] === true ? { DeleteMarker: true, DeleteMarkerVersionId: done['VersionId'] } : {};
        if (!Delete.Quiet) Deleted.push(defined({ Key, VersionId, ...marker }));
      } catch (thrown) {
        const error = asServiceError(thrown);
        Errors.push(defined({ Key, VersionId, Code: error.code, Message: error.message }));
      }
    }
    return defined({
      Deleted: Deleted.length > 0 ? Deleted : undefined,
      Errors: Errors.length > 0 ? Errors : undefined,
    });
  },
);

const Document = z.object({ Object: z.unknown(), Quiet: z.string().optional() });

function readDelete(document: unknown): ServiceOutput {
  const { Object: objects, Quiet } = readDocument(Document, document);
  return { Delete: defined({ Objects: [objects].flat(), Quiet }) };
}
