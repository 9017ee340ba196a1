import type { IncomingMessage, ServerResponse } from 'node:http';
import { asServiceError } from '../http.ts';
import { ServiceError } from '../service.ts';
import type { Authorize, Caller, Service, ServiceOutput } from '../service.ts';
import { createBucket, deleteBucket, getBucketLocation, headBucket, listBuckets } from './actions/buckets.ts';
import { completeMultipartUpload } from './actions/complete-multipart.ts';
import { copyObject } from './actions/copy-object.ts';
import { deleteObject, deleteObjects } from './actions/delete-objects.ts';
import { getObject, headObject } from './actions/get-object.ts';
import { listObjectsV2 } from './actions/list-objects.ts';
import { listMultipartUploads, listParts } from './actions/list-uploads.ts';
import { abortMultipartUpload, createMultipartUpload } from './actions/multipart.ts';
import { getBucketNotificationConfiguration, putBucketNotificationConfiguration } from './actions/notifications.ts';
import type { Operation } from './actions/operation.ts';
import { uploadPart, uploadPartCopy } from './actions/parts.ts';
import { putObject } from './actions/put-object.ts';
import { deleteBucketReplication, getBucketReplication, putBucketReplication } from './actions/replication.ts';
import { getBucketVersioning, listObjectVersions, putBucketVersioning } from './actions/versioning.ts';
import { S3Store } from './store.ts';
import type { StoreOptions } from './store.ts';
import { readAddress, readInput, selectOperation } from './wire/request.ts';
import { sendError, sendOutput } from './wire/response.ts';

export interface S3Options extends StoreOptions {
  readonly account: string;
}

/** The local S3. SPECIFICATION.md lists what it supports. */
export function createS3(options: S3Options): Service & Pick<S3Store, 'receive'> {
  const store = new S3Store(options);
  const operations: Readonly<Record<string, Operation>> = {
    AbortMultipartUpload: abortMultipartUpload,
    CompleteMultipartUpload: completeMultipartUpload,
    CopyObject: copyObject,
    CreateBucket: createBucket,
    CreateMultipartUpload: createMultipartUpload,
    DeleteBucket: deleteBucket,
    DeleteBucketReplication: deleteBucketReplication,
    DeleteObject: deleteObject,
    DeleteObjects: deleteObjects,
    GetBucketLocation: getBucketLocation,
    GetBucketNotificationConfiguration: getBucketNotificationConfiguration,
    GetBucketReplication: getBucketReplication,
    GetBucketVersioning: getBucketVersioning,
    GetObject: getObject,
    HeadBucket: headBucket,
    HeadObject: headObject,
    ListBuckets: listBuckets,
    ListMultipartUploads: listMultipartUploads,
    ListObjectsV2: listObjectsV2,
    ListObjectVersions: listObjectVersions,
    ListParts: listParts,
    PutBucketNotificationConfiguration: putBucketNotificationConfiguration(options.call),
    PutBucketReplication: putBucketReplication,
    PutBucketVersioning: putBucketVersioning,
    PutObject: putObject,
    UploadPart: uploadPart,
    UploadPartCopy: uploadPartCopy,
  };

  return {
    name: 's3',
    async invoke(action, input, caller) {
      const operation = Object.hasOwn(operations, action) ? operations[action] : undefined;
      if (operation === undefined)
        throw new ServiceError('InvalidAction', `The local S3 does not support the action ${action}.`);
      return collected(await operation.run({ store, caller }, input));
    },
    handle: (request, response, caller, authorize) => handle(store, operations, request, response, caller, authorize),
    reject: sendError,
    receive: (copy, bytes) => store.receive(copy, bytes),
    close: async () => store.close(),
  };
}

/** Reads the body of an output into memory, for in-process callers that want small objects as values. */
async function collected(output: ServiceOutput): Promise<ServiceOutput> {
  const body = output['Body'];
  if (body === undefined) return output;
  const chunks: Buffer[] = [];
  for await (const chunk of body as AsyncIterable<Buffer>) chunks.push(chunk);
  return { ...output, Body: new Uint8Array(Buffer.concat(chunks)) };
}

async function handle(
  store: S3Store,
  operations: Readonly<Record<string, Operation>>,
  request: IncomingMessage,
  response: ServerResponse,
  caller: Caller,
  authorize: Authorize,
): Promise<void> {
  try {
    const address = readAddress(request);
    const operation = selectOperation(Object.values(operations), request, address);
    const input = await readInput(operation.http, request, address);
    const action = Object.keys(operations).find((name) => operations[name] === operation) ?? '';
    authorize(action, input);
    const output = await operation.run({ store, caller }, input).catch((error: unknown) => {
      // Only callers that may list the bucket learn that a key does not exist.
      if (error instanceof ServiceError && error.code === 'NoSuchKey') {
        authorize('ListObjectsV2', { Bucket: input['Bucket'] });
      }
      throw error;
    });
    await sendOutput(response, operation.http, output);
  } catch (error) {
    sendError(request, response, asServiceError(error));
  }
}
