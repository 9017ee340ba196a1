import { z } from 'zod';

export const UPLOAD_STATES = ['open', 'complete', 'given-up'] as const;

/**
 * The `_manifest.json` of an upload. It is optional. Unknown keys are rejected, because a misspelt limit would be no
 * limit.
 */
export const uploadManifestSchema = z.strictObject({
  /** Number of documents in the upload, for progress. 0 in one that is given up: it was discarded, and never continues. */
  documents: z.number().int().nonnegative().optional(),
  /** Most US dollars that one document may cost, below the agent's own budget. */
  maxUsdPerDocument: z.number().positive().optional(),
  /** The limit of all runs of the upload, from which `maxUsdPerDocument` was computed. */
  maxUsd: z.number().positive().optional(),
  /**
   * - `open`: the upload is under way. Its run does not start, however long the upload is quiet.
   * - `complete`: the run starts.
   * - `given-up`: the upload was interrupted. Its run does not start.
   */
  state: z.enum(UPLOAD_STATES).default('complete'),
});
export type UploadManifest = z.infer<typeof uploadManifestSchema>;

export type ParsedManifest =
  | { readonly ok: true; readonly manifest: UploadManifest }
  | { readonly ok: false; readonly problem: string };

/** Parses an upload manifest. An empty object of S3 counts as `{}`. */
export function parseUploadManifest(text: string): ParsedManifest {
  if (text.trim() === '') return { ok: true, manifest: { state: 'complete' } };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return {
      ok: false,
      problem: 'The upload manifest is not valid JSON. Correct it, then retry the failed documents.',
    };
  }
  const parsed = uploadManifestSchema.safeParse(value);
  if (parsed.success) return { ok: true, manifest: parsed.data };
  const problems = parsed.error.issues
    .slice(0, 5)
    .map(({ path, message }) => [...path.map(String), message].join(': '));
  return {
    ok: false,
    problem: `The upload manifest is not valid. ${problems.join('. ')}. Correct it, then retry the failed documents.`,
  };
}

/**
 * Whether an upload has one run at most: the limit of the whole was divided among its documents, and a second run would
 * pay as much again for each.
 */
export function hasOneRun(parsed: ParsedManifest): boolean {
  return parsed.ok && parsed.manifest.maxUsd !== undefined;
}

/** Whether the manifest keeps the upload's run from starting. An invalid one does not: its run says what is wrong. */
export function holdsBack(parsed: ParsedManifest): boolean {
  return parsed.ok && parsed.manifest.state !== 'complete';
}
