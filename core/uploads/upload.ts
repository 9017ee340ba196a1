import { startOf } from '../text/text.ts';
import { z } from 'zod';
import { storedRecord } from '../stored/record.ts';
import type { Ids } from '../ports/ids.ts';

/** One upload: the objects below `uploads/<id>/`. All times are S3's own event times, in milliseconds. */
export const uploadSchema = storedRecord({
  id: z.string(),
  version: z.number().int().positive(),
  /** The newest object seen. */
  lastObjectAt: z.number(),
  /** Runs decided so far; the newest have not been started yet when `started` is smaller. */
  rounds: z.number().int().nonnegative(),
  /** Runs known to have been started. */
  started: z.number().int().nonnegative(),
  /**
   * Objects up to this time belong to the rounds decided so far, since a run lists the objects after it was decided, or
   * they came too late for one.
   */
  coveredUntil: z.number(),
  /** When the pending check for quiet is due, by our clock. Null when none is pending. */
  checkAt: z.number().nullable(),
  /** The newest object that came after the only run of an upload with a limit. No run has it. */
  lateAt: z.number().optional(),
});
export type Upload = z.infer<typeof uploadSchema>;

/** An upload's id is the name of its folder: any characters that S3 allows except a slash. */
export const uploadIdSchema = z.string().regex(/^[^/]+$/, 'a folder name below uploads/, without a slash');

export const MANIFEST = '_manifest.json';

/** What the keys of an upload's objects begin with. */
export const uploadPrefix = (uploadId: string): string => `uploads/${uploadId}/`;

/** The key of an upload's manifest. */
export const manifestKey = (uploadId: string): string => `${uploadPrefix(uploadId)}${MANIFEST}`;

/** The upload an object belongs to; null for a key outside `uploads/<id>/<file>`. */
export function parseUploadKey(key: string): { readonly uploadId: string; readonly isManifest: boolean } | null {
  const match = /^uploads\/([^/]+)\/(.+)$/s.exec(key);
  const uploadId = uploadIdSchema.safeParse(match?.[1]);
  if (!match || !uploadId.success) return null;
  return { uploadId: uploadId.data, isManifest: match[2] === MANIFEST };
}

/** Ids that can be a run's name unchanged. They have no double dash, which separates the suffix. */
const PLAIN_ID = /^[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*$/;
const MAX_PLAIN_ID_LENGTH = 60;

/**
 * The name of an upload's run: the id alone for the first, so that however many events arrive it starts once, and
 * `<id>--<round>` for those that follow. An execution's name has at most 80 letters, digits, dashes and underscores
 * (AWS Step Functions, StartExecution), so any other id is shortened and made unique by its digest.
 */
export function runName(ids: Pick<Ids, 'digest'>, uploadId: string, round: number): string {
  const plain = uploadId.length <= MAX_PLAIN_ID_LENGTH && PLAIN_ID.test(uploadId);
  const slug = startOf(uploadId.replaceAll(/[^A-Za-z0-9]+/g, '-'), 40).replaceAll(/^-|-$/g, '');
  const name = plain ? uploadId : `${slug || 'upload'}--id-${ids.digest(uploadId).slice(0, 12)}`;
  return round === 1 ? name : `${name}--${round}`;
}

export const newUpload = (id: string): Upload => ({
  id,
  version: 1,
  lastObjectAt: 0,
  rounds: 0,
  started: 0,
  coveredUntil: 0,
  checkAt: null,
});
