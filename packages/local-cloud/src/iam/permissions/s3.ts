import type { Permission, PermissionsOf, PermissionTable } from './permission.ts';
import { list, text } from './fields.ts';

const bucketArn = (input: unknown): string => `arn:aws:s3:::${text(input, 'Bucket')}`;

const onBucket =
  (action: string): PermissionsOf =>
  (input) => [{ action: `s3:${action}`, resource: bucketArn(input) }];

const onObject =
  (action: string): PermissionsOf =>
  (input) => [{ action: `s3:${action}`, resource: `${bucketArn(input)}/${text(input, 'Key')}` }];

/** Naming a version requires a separate permission. */
const onVersion =
  (action: string): PermissionsOf =>
  (input, names) =>
    onObject(text(input, 'VersionId') === '' ? action : `${action}Version`)(input, names);

/** Reads a copy source: `bucket/key`, percent-encoded, optionally followed by `?versionId=`. */
function source(input: unknown): Permission {
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

const copy: PermissionsOf = (input, names) => [source(input), ...onObject('PutObject')(input, names)];

const deleteObjects: PermissionsOf = (input) => {
  const given = input['Delete'];
  return list(given, 'Objects').map((object) => {
    const action = text(object, 'VersionId') === '' ? 's3:DeleteObject' : 's3:DeleteObjectVersion';
    return { action, resource: `${bucketArn(input)}/${text(object, 'Key')}` };
  });
};

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html */
export const S3: PermissionTable = {
  AbortMultipartUpload: onObject('AbortMultipartUpload'),
  CompleteMultipartUpload: onObject('PutObject'),
  CopyObject: copy,
  CreateBucket: onBucket('CreateBucket'),
  CreateMultipartUpload: onObject('PutObject'),
  DeleteBucket: onBucket('DeleteBucket'),
  DeleteBucketReplication: onBucket('PutReplicationConfiguration'),
  DeleteObject: onVersion('DeleteObject'),
  DeleteObjects: deleteObjects,
  GetBucketLocation: onBucket('GetBucketLocation'),
  GetBucketNotificationConfiguration: onBucket('GetBucketNotification'),
  GetBucketReplication: onBucket('GetReplicationConfiguration'),
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
  PutBucketReplication: onBucket('PutReplicationConfiguration'),
  PutBucketVersioning: onBucket('PutBucketVersioning'),
  PutObject: onObject('PutObject'),
  UploadPart: onObject('PutObject'),
  UploadPartCopy: copy,
};
