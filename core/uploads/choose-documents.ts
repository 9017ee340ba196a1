import type { ListedArtifact } from '../ports/artifacts.ts';
import type { UploadManifest } from './upload-manifest.ts';

/** What the log says of documents that came too late. */
export const LATE_REMEDY =
  'Files came after the run of this upload began. Its limit is for one run, so they are not processed. Upload them again as another upload.';

/** What a run works on. */
export interface ChosenDocuments {
  /** In the order of their keys. */
  readonly documents: readonly ListedArtifact[];
  /** Documents that came too late for an upload whose limit is for the whole. No run has them. */
  readonly late: number;
  /** Most US dollars that one document may cost. Null: only the agent's budget limits it. */
  readonly maxUsd: number | null;
}

export interface StoredUpload {
  /** All documents that are stored now, in the order of their keys. */
  readonly documents: readonly ListedArtifact[];
  readonly manifest: UploadManifest;
  /** When the manifest was written, by the clock of the store, as `modifiedAt` of a document. */
  readonly manifestAt: number;
}

/**
 * Chooses what a run works on. An upload with a limit for the whole is closed by its manifest: documents that were written
 * after it are late. S3 keeps whole seconds, so the manifest's count decides about the second in which it was written.
 *
 * The uploader has divided `maxUsd` among the documents that cost anything, as only it knows which do: where its count fits
 * what is there, its limit of a document is taken as it is. Elsewhere each document has an equal share, so that they never
 * cost more than `maxUsd` together.
 */
export function chooseDocuments({ documents, manifest, manifestAt }: StoredUpload): ChosenDocuments {
  const { maxUsd, maxUsdPerDocument: each, documents: counted } = manifest;
  if (maxUsd === undefined) return { documents, late: 0, maxUsd: each ?? null };
  const inTime = documents.filter(({ modifiedAt }) => modifiedAt <= manifestAt);
  const fits = counted !== undefined && inTime.length <= counted;
  const chosen = fits ? inTime : earliest(inTime, counted ?? inTime.length);
  const share = maxUsd / Math.max(1, chosen.length);
  return {
    documents: chosen,
    late: documents.length - chosen.length,
    maxUsd: fits && each !== undefined ? Math.min(each, maxUsd) : Math.min(each ?? Infinity, share),
  };
}

/** The documents that were written first, in the order of their keys. */
function earliest(documents: readonly ListedArtifact[], count: number): readonly ListedArtifact[] {
  if (documents.length <= count) return documents;
  const first = new Set(documents.toSorted((a, b) => a.modifiedAt - b.modifiedAt).slice(0, count));
  return documents.filter((document) => first.has(document));
}
