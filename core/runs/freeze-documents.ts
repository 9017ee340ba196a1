import type { Artifacts, ListedArtifact } from '../ports/artifacts.ts';
import type { UploadManifests } from '../ports/upload-manifests.ts';
import { chooseDocuments, type ChosenDocuments, type StoredUpload } from '../uploads/choose-documents.ts';
import { parseUploadManifest, type ParsedManifest, type UploadManifest } from '../uploads/upload-manifest.ts';
import { manifestKey, uploadPrefix } from '../uploads/upload.ts';

export interface FreezePorts {
  readonly manifests: UploadManifests;
  readonly artifacts: Pick<Artifacts, 'list' | 'put'>;
  /** The bucket of the uploads and the runs. */
  readonly bucket: string;
}

/** The key of the list of a run's documents, which the map of its state machine reads. */
export const runDocumentsKey = (runId: string): string => `runs/${runId}/documents.json`;

/**
 * Lists the documents of an upload once, and stores the list: what is put there later changes nothing in the run.
 * @returns null when the manifest is no longer one that starts a run
 */
export async function freezeDocuments(
  ports: FreezePorts,
  { runId, uploadId }: { readonly runId: string; readonly uploadId: string },
): Promise<ChosenDocuments | null> {
  const stored = await readUpload(ports, uploadId);
  if (stored === null) return null;
  const chosen = chooseDocuments(stored);
  const list = JSON.stringify(chosen.documents.map(asItem));
  await ports.artifacts.put({ bucket: ports.bucket, key: runDocumentsKey(runId) }, list, 'application/json');
  return chosen;
}

/** An item as Step Functions itself lists it. */
const asItem = ({ key, etag, size }: ListedArtifact) => ({ Key: key, Etag: etag, Size: size });

/** A manifest that is replaced again and again. The next call begins anew. */
const MAX_READS = 3;

/** Reads an upload with the manifest that belongs to the listing. */
async function readUpload(ports: FreezePorts, uploadId: string): Promise<StoredUpload | null> {
  for (let reads = 0; reads < MAX_READS; reads += 1) {
    const stored = await ports.manifests.read(uploadId);
    const manifest = startsRun(parseUploadManifest(stored?.text ?? ''));
    if (manifest === null) return null;
    const { documents, listed } = await list(ports, uploadId);
    if (listed?.etag === stored?.etag) return { documents, manifest, manifestAt: listed?.modifiedAt ?? 0 };
  }
  throw new Error(`The manifest of upload ${uploadId} changes while its run begins.`);
}

const startsRun = (parsed: ParsedManifest): UploadManifest | null =>
  parsed.ok && parsed.manifest.state === 'complete' ? parsed.manifest : null;

/** The documents of an upload, without the folder markers that consoles create, and its manifest. */
async function list({ artifacts, bucket }: FreezePorts, uploadId: string) {
  const documents: ListedArtifact[] = [];
  let listed: ListedArtifact | undefined;
  for await (const object of artifacts.list(bucket, uploadPrefix(uploadId))) {
    if (object.key === manifestKey(uploadId)) listed = object;
    else if (!object.key.endsWith('/')) documents.push(object);
  }
  return { documents, listed };
}
