import { z } from 'zod';
import { ServiceError } from '../../service.ts';
import { defined, operation } from './operation.ts';
import { BUCKET_HEADERS, BucketInput } from './shapes.ts';

const NAME = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

const CreateInput = z.strictObject({
  ...BucketInput,
  ACL: z.literal('private').optional(),
  ObjectOwnership: z.literal('BucketOwnerEnforced').optional(),
  CreateBucketConfiguration: z.strictObject({ LocationConstraint: z.string().optional() }).optional(),
});

/** Creates a bucket. An existing bucket stays unchanged, as in us-east-1. */
export const createBucket = operation(
  CreateInput,
  {
    method: 'PUT',
    on: 'bucket',
    headers: { ...BUCKET_HEADERS, 'x-amz-acl': 'ACL', 'x-amz-object-ownership': 'ObjectOwnership' },
    body: {
      root: 'CreateBucketConfiguration',
      read: (document) => ({ CreateBucketConfiguration: document }),
    },
  },
  ({ store }, input) => {
    if (!NAME.test(input.Bucket)) {
      throw new ServiceError(
        'InvalidBucketName',
        `The specified bucket is not valid: ${input.Bucket}. A name must have 3 to 63 lower-case letters, digits, dots and hyphens.`,
      );
    }
    const location = input.CreateBucketConfiguration?.LocationConstraint;
    if (location !== undefined && location !== store.region) {
      throw new ServiceError(
        'IllegalLocationConstraintException',
        `The local cloud has only the region ${store.region}, not ${location}.`,
      );
    }
    if (store.findBucket(input.Bucket) === undefined) {
      store.saveBucket({ name: input.Bucket, createdAt: store.now(), versioning: undefined, notifications: [] });
    }
    return { Location: `/${input.Bucket}` };
  },
);

const OnlyBucket = z.strictObject(BucketInput);

export const headBucket = operation(
  OnlyBucket,
  { method: 'HEAD', on: 'bucket', headers: BUCKET_HEADERS },
  ({ store }, input) => {
    store.bucket(input.Bucket);
    return { BucketRegion: store.region };
  },
);

export const deleteBucket = operation(
  OnlyBucket,
  { method: 'DELETE', on: 'bucket', headers: BUCKET_HEADERS, status: 204 },
  ({ store }, input) => {
    const bucket = store.bucket(input.Bucket);
    if (!store.objects.isEmpty(bucket.name) || store.uploads.of(bucket.name, '').length > 0) {
      throw new ServiceError(
        'BucketNotEmpty',
        'The bucket you tried to delete is not empty. Delete its versions and uploads first.',
        409,
      );
    }
    store.deleteBucket(bucket);
    return {};
  },
);

export const listBuckets = operation(
  z.strictObject({ Prefix: z.string().default('') }),
  {
    method: 'GET',
    on: 'service',
    query: { prefix: 'Prefix' },
    xml: ({ Buckets, Owner }) => ({
      root: 'ListAllMyBucketsResult',
      content: { Owner, Buckets: { Bucket: Buckets } } as never,
    }),
  },
  ({ store }, { Prefix }) => ({
    Owner: { ID: 'local', DisplayName: 'local' },
    Buckets: store
      .buckets()
      .filter(({ name }) => name.startsWith(Prefix))
      .map(({ name, createdAt }) => ({ Name: name, CreationDate: new Date(createdAt).toISOString() })),
  }),
);

/** For historical reasons, the location of us-east-1 is empty. */
export const getBucketLocation = operation(
  OnlyBucket,
  {
    method: 'GET',
    on: 'bucket',
    marks: ['location'],
    headers: BUCKET_HEADERS,
    xml: (output) => ({ root: 'LocationConstraint', content: output['LocationConstraint'] as never }),
  },
  ({ store }, input) => {
    store.bucket(input.Bucket);
    return defined({ LocationConstraint: store.region === 'us-east-1' ? undefined : store.region });
  },
);
