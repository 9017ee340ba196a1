import type { Need, NeedsOf } from './needs.ts';
import { list, text } from './needs-fields.ts';

const bucketArn = (input: unknown): string => `arn:aws:s3:::${text(input, 'Bucket')}`;

const onBucket =
  (action: string): NeedsOf =>
  (input) => [{ action: `s3:${action}`, resource: bucketArn(input) }];

const onObject =
  (action: string): NeedsOf =>
  (input) => [{ action: `s3:${action}`, resource: `${bucketArn(input)}/${text(input, 'Key')}` }];

/** A version that is named is a permission of its own. */
const onVersion =
  (action: string): NeedsOf =>
  (input, names) =>
    onObject(text(input, 'VersionId') === '' ? action : `${action}Version`)(input, names);

/** `bucket/key`, percent-encoded, with `?versionId=` at its end where a version is meant. */
function source(input: unknown): Need {
  const [path = '', version] = text(input, 'CopySource').split('?versionId=');
  const action = version === undefined ? 's3:GetObject' : 's3:GetObjectVersion';
  return { action, resource: `arn:aws:s3:::${decoded(path.replace(/^\//, ''))}` };
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

const copy: NeedsOf = (input, names) => [source(input), ...onObject('PutObject')(input, names)];

const deleteObjects: NeedsOf = (input) => {
  const given = input['Delete'];
  return list(given, 'Objects').map((object) => {
    const action = text(object, 'VersionId') === '' ? 's3:DeleteObject' : 's3:DeleteObjectVersion';
    return { action, resource: `${bucketArn(input)}/${text(object, 'Key')}` };
  });
};

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html */
export const S3: Readonly<Record<string, NeedsOf>> = {
  AbortMultipartUpload: onObject('AbortMultipartUpload'),
  CompleteMultipartUpload: onObject('PutObject'),
  CopyObject: copy,
  CreateBucket: onBucket('CreateBucket'),
  CreateMultipartUpload: onObject('PutObject'),
  DeleteBucket: onBucket('DeleteBucket'),
  DeleteObject: onVersion('DeleteObject'),
  DeleteObjects: deleteObjects,
  GetBucketLocation: onBucket('GetBucketLocation'),
  GetBucketNotificationConfiguration: onBucket('GetBucketNotification'),
  GetBucketVersioning: onBucket('GetBucketVersioning'),
  GetObject: onVersion('GetObject'),
  HeadBucket: onBucket('ListBucket'),
  HeadObject: onVersion('GetObject'),
  ListBuckets: () => [{ action: 's3:ListAllMyBuckets', resource: '*' }],
  ListMultipartUploads: onBucket('ListBucketMultipartUploads'),
  ListObjectVersions: onBucket('ListBucketVersions'),
  ListObjectsV2: onBucket('ListBucket'),
  ListParts: onObject('ListMultipartUploadParts'),
  PutBucketNotificationConfiguration: onBucket('PutBucketNotification'),
  PutBucketVersioning: onBucket('PutBucketVersioning'),
  PutObject: onObject('PutObject'),
  UploadPart: onObject('PutObject'),
  UploadPartCopy: copy,
};
