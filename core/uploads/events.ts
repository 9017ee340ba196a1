import { z } from 'zod';
import { parseUploadKey, uploadIdSchema } from './upload.ts';
import type { UploadNews } from './intake.ts';

/** An S3 event notification, as far as it matters here; S3 sends a test event when notifications are set up. */
const created = z.object({
  Records: z.array(
    z.object({
      eventName: z.string(),
      eventTime: z.iso.datetime(),
      s3: z.object({ object: z.object({ key: z.string(), eTag: z.string().optional(), size: z.number().optional() }) }),
    }),
  ),
});
const testEvent = z.object({ Event: z.literal('s3:TestEvent') });
export const notificationSchema = z.union([testEvent, created]);
const checkMessage = z.object({ type: z.literal('check'), uploadId: uploadIdSchema });

export const intakeMessageSchema = z.union([checkMessage, notificationSchema]);
export type IntakeMessage = z.infer<typeof intakeMessageSchema>;

const NOTHING = { objectAt: null, manifestAt: null, manifestTags: [], check: false } as const;

/** An object that was put into a bucket. */
export interface CreatedObject {
  readonly key: string;
  /** When, in milliseconds. */
  readonly at: number;
  readonly etag: string | undefined;
  /** Bytes. */
  readonly size: number | undefined;
}

/** The objects that a notification says were created. */
export function createdObjects(message: z.infer<typeof notificationSchema>): readonly CreatedObject[] {
  if ('Event' in message) return [];
  return message.Records.filter(({ eventName }) => eventName.startsWith('ObjectCreated:')).map(
    ({ eventTime, s3: { object } }) => ({
      // S3 encodes keys in events as form fields: "+" is a space.
      key: decodeURIComponent(object.key.replaceAll('+', ' ')),
      at: Date.parse(eventTime),
      etag: object.eTag,
      size: object.size,
    }),
  );
}

/** The news in one message, one entry per object. Keys outside `uploads/<id>/` are ignored. */
export function newsOf(message: IntakeMessage): readonly UploadNews[] {
  if ('type' in message) return [{ ...NOTHING, uploadId: message.uploadId, check: true }];
  const news: UploadNews[] = [];
  for (const { key, at, etag } of createdObjects(message)) {
    const parsed = parseUploadKey(key);
    if (!parsed) continue;
    const { uploadId, isManifest } = parsed;
    if (isManifest) news.push({ ...NOTHING, uploadId, manifestAt: at, manifestTags: etag === undefined ? [] : [etag] });
    else news.push({ ...NOTHING, uploadId, objectAt: at });
  }
  return news;
}

/** Merges news to one entry per upload, so that a batch of events costs one write instead of one each. */
export function mergeNews(news: readonly UploadNews[]): readonly UploadNews[] {
  const merged = new Map<string, UploadNews>();
  for (const item of news) {
    const before = merged.get(item.uploadId);
    merged.set(item.uploadId, {
      uploadId: item.uploadId,
      objectAt: newest(before?.objectAt ?? null, item.objectAt),
      manifestAt: newest(before?.manifestAt ?? null, item.manifestAt),
      manifestTags: [...(before?.manifestTags ?? []), ...item.manifestTags],
      check: item.check || (before?.check ?? false),
    });
  }
  return [...merged.values()];
}

function newest(a: number | null, b: number | null): number | null {
  if (a === null) return b;
  return b === null ? a : Math.max(a, b);
}
