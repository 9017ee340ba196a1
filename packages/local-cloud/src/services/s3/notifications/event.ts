import { randomBytes, randomUUID } from 'node:crypto';
import type { Version } from '../records.ts';
import type { NotificationRule } from './configuration.ts';

/** What happened to an object, by the name S3 gives the event. */
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

/** The message S3 sends for an event, as documented in the S3 user guide, "Event message structure", version 2.1. */
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

/** Keys stand in events as in a form: percent-encoded UTF-8, a space as `+`; a slash stays. */
export function encodeEventKey(key: string): string {
  return encodeURIComponent(key)
    .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+')
    .replaceAll('%2F', '/');
}

/** What S3 sends to a queue or topic when a bucket's notifications are set, to see whether it may. */
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
