import { randomBytes, randomUUID } from 'node:crypto';
import type { Version } from '../records.ts';
import type { NotificationRule } from './configuration.ts';

/** The name of an event, as in S3. */
export type EventName =
  | 'ObjectCreated:Put'
  | 'ObjectCreated:Copy'
  | 'ObjectCreated:CompleteMultipartUpload'
  | 'ObjectRemoved:Delete'
  | 'ObjectRemoved:DeleteMarkerCreated';

export interface ObjectEvent {
  readonly name: EventName;
  readonly version: Version;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly principal: string;
}

/** The message that S3 sends for an event. Source: S3 user guide, "Event message structure", version 2.1. */
export function eventMessage(event: ObjectEvent, rule: NotificationRule, region: string, sequencer: string): string {
  const { name, version, time, principal } = event;
  const removed = name === 'ObjectRemoved:Delete';
  const record = {
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    awsRegion: region,
    eventTime: new Date(time).toISOString(),
    eventName: name,
    userIdentity: { principalId: `AWS:${principal}` },
    requestParameters: { sourceIPAddress: '127.0.0.1' },
    responseElements: {
      'x-amz-request-id': randomBytes(8).toString('hex').toUpperCase(),
      'x-amz-id-2': randomUUID(),
    },
    s3: {
      s3SchemaVersion: '1.0',
      configurationId: rule.id,
      bucket: {
        name: version.bucket,
        ownerIdentity: { principalId: 'LOCAL' },
        arn: `arn:aws:s3:::${version.bucket}`,
      },
      object: {
        key: encodeEventKey(version.key),
        ...(!removed && { size: version.size, eTag: version.etag }),
        ...(version.versionId !== 'null' && { versionId: version.versionId }),
        sequencer,
      },
    },
  };
  return JSON.stringify({ Records: [record] });
}

/** Encodes a key as S3 does in events: form-encoded UTF-8, with a space as `+` and slashes unchanged. */
export function encodeEventKey(key: string): string {
  return encodeURIComponent(key)
    .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+')
    .replaceAll('%2F', '/');
}

/** The test message that S3 sends to a queue or topic when a bucket's notifications are set. */
export function testMessage(bucket: string, time: number): string {
  return JSON.stringify({
    Service: 'Amazon S3',
    Event: 's3:TestEvent',
    Time: new Date(time).toISOString(),
    Bucket: bucket,
    RequestId: randomBytes(8).toString('hex').toUpperCase(),
    HostId: randomUUID(),
  });
}
