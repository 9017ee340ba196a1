import { z } from 'zod';

/** One upload: the objects below `uploads/<id>/`. All times are S3's own event times, in milliseconds. */
export const uploadSchema = z.object({
  id: z.string(),
  version: z.number().int().positive(),
  /** The newest object seen. */
  lastObjectAt: z.number(),
  /** Runs decided so far; the newest may not have been started yet when `started` is smaller. */
  rounds: z.number().int().nonnegative(),
  /** Runs known to have been started. */
  started: z.number().int().nonnegative(),
  /** Objects up to this time belong to the rounds decided so far: a run lists the objects after it was decided. */
  coveredUntil: z.number(),
  /** When the pending look for quiet is due, by our clock; null when none is under way. */
  checkAt: z.number().nullable(),
});
export type Upload = z.infer<typeof uploadSchema>;

/** Upload ids name executions (at most 80 characters of these) together with `-<round>` or `-retry-<n>`. */
export const uploadIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,59}$/, '1 to 60 letters, digits, "-" or "_", beginning with a letter or digit');

export const MANIFEST = '_manifest.json';

/** The upload an object belongs to; null for a key outside `uploads/<id>/<file>`. */
export function parseUploadKey(key: string): { readonly uploadId: string; readonly isManifest: boolean } | null {
  const match = /^uploads\/([^/]+)\/(.+)$/s.exec(key);
  const uploadId = uploadIdSchema.safeParse(match?.[1]);
  if (!match || !uploadId.success) return null;
  return { uploadId: uploadId.data, isManifest: match[2] === MANIFEST };
}

/** The name of an upload's run: the id alone for the first, so that however many events arrive it starts once. */
export const runName = (uploadId: string, round: number): string => (round === 1 ? uploadId : `${uploadId}-${round}`);

export const newUpload = (id: string): Upload => ({
  id,
  version: 1,
  lastObjectAt: 0,
  rounds: 0,
  started: 0,
  coveredUntil: 0,
  checkAt: null,
});
