import type { Clock } from '../ports/clock.ts';
import type { Ids } from '../ports/ids.ts';
import type { IntakeQueue } from '../ports/intake-queue.ts';
import type { Runs } from '../ports/runs.ts';
import type { UploadManifests } from '../ports/upload-manifests.ts';
import type { UploadStore } from '../ports/upload-store.ts';
import { checkQuiet, markStarted, observe, stopChecking, type UploadDecision } from './observe.ts';
import { holdsBack, parseUploadManifest } from './upload-manifest.ts';
import { newUpload, runName, type Upload } from './upload.ts';

export interface IntakePorts {
  readonly uploads: UploadStore;
  readonly manifests: UploadManifests;
  readonly runs: Runs;
  readonly queue: IntakeQueue;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Milliseconds without a new object after which an upload counts as complete. */
  readonly quietMs: number;
}

/** What a batch of messages reports about one upload. */
export interface UploadNews {
  readonly uploadId: string;
  readonly objectAt: number | null;
  readonly manifestAt: number | null;
  /** The ETags of the manifests among the events. Older messages have none. */
  readonly manifestTags: readonly string[];
  /** Whether a message asks to check that the upload has gone quiet. */
  readonly check: boolean;
}

/**
 * Turns news of an upload into at most one run. The decision is written before the run is started, and the start is
 * repeated until it is known to have happened. Both are idempotent, so duplicate events do no harm.
 *
 * An upload whose manifest is open or given up starts no run. The uploader writes that manifest before the first
 * object, and S3 returns what was written last, so no order of events can start it.
 * @returns the name of the run that was started, or null
 */
export async function intake(ports: IntakePorts, news: UploadNews): Promise<string | null> {
  const now = ports.clock.now();
  const { quietMs } = ports;
  const { uploadId, objectAt } = news;
  const manifest = news.manifestAt !== null || news.check ? await readManifest(ports, uploadId) : null;
  const manifestAt = manifest && isCurrent(manifest, news.manifestTags) && !manifest.held ? news.manifestAt : null;
  let started: string | null = null;
  if (objectAt !== null || manifestAt !== null) {
    started = await follow(ports, uploadId, (upload) => observe(upload, { objectAt, manifestAt, now, quietMs }));
  }
  if (news.check) {
    // The first run of an upload with a manifest starts by the manifest's own event, which may still be on its way.
    const check = (upload: Upload) =>
      manifest && (manifest.held || upload.rounds === 0) ? stopChecking(upload) : checkQuiet(upload, now, quietMs);
    started = (await follow(ports, uploadId, check)) ?? started;
  }
  return started;
}

interface StoredManifest {
  readonly etag: string;
  readonly held: boolean;
}

async function readManifest({ manifests }: IntakePorts, uploadId: string): Promise<StoredManifest | null> {
  const stored = await manifests.read(uploadId);
  return stored && { etag: stored.etag, held: holdsBack(parseUploadManifest(stored.text)) };
}

/** Whether an event is about the manifest as it is now. One that was replaced is ignored: its successor has an event. */
const isCurrent = ({ etag }: StoredManifest, tags: readonly string[]): boolean =>
  tags.length === 0 || tags.includes(etag);

async function follow(
  ports: IntakePorts,
  uploadId: string,
  decide: (upload: Upload) => UploadDecision,
): Promise<string | null> {
  let { start: round } = await write(ports, uploadId, decide);
  let name: string | null = null;
  while (round !== null) {
    name = runName(ports.ids, uploadId, round);
    await ports.runs.start(name, { uploadId, retry: 0 });
    const started = round;
    ({ start: round } = await write(ports, uploadId, (upload) => markStarted(upload, started)));
  }
  return name;
}

/**
 * Decides and writes. If another writer was first, decides again on the newest state. A check is sent before the write
 * that relies on it: an extra check is harmless, but a missing one would leave the upload waiting forever.
 */
async function write(
  { uploads, queue, clock }: IntakePorts,
  uploadId: string,
  decide: (upload: Upload) => UploadDecision,
): Promise<UploadDecision> {
  for (;;) {
    const upload = (await uploads.get(uploadId)) ?? (await uploads.create(newUpload(uploadId)));
    const decision = decide(upload);
    const dueAt = decision.checkInMs === null ? Infinity : clock.elapsed() + decision.checkInMs;
    if (decision.checkInMs !== null) await queue.sendCheck(uploadId, decision.checkInMs);
    if (decision.next !== null && (await uploads.replace(decision.next)) !== 'replaced') continue;
    // If the write took longer than that, the check has already arrived and found nothing to do.
    if (clock.elapsed() >= dueAt) await queue.sendCheck(uploadId, 0);
    return decision;
  }
}
