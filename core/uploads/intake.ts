import type { Clock } from '../ports/clock.ts';
import type { Ids } from '../ports/ids.ts';
import type { IntakeQueue } from '../ports/intake-queue.ts';
import type { Runs } from '../ports/runs.ts';
import type { UploadManifests } from '../ports/upload-manifests.ts';
import type { UploadStore } from '../ports/upload-store.ts';
import { checkQuiet, markStarted, noteLate, observe, stopChecking, type UploadDecision } from './observe.ts';
import { hasOneRun, holdsBack, parseUploadManifest } from './upload-manifest.ts';
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

export interface TakenIn {
  /** The name of the run that was started, or null. */
  readonly started: string | null;
  /** Whether objects came after the only run of an upload with a limit. No run has them. */
  readonly late: boolean;
}

/**
 * Turns news of an upload into at most one run. The decision is written before the run is started, and the start is
 * repeated until it is known to have happened. Both are idempotent, so duplicate events do no harm.
 *
 * An upload whose manifest is open or given up starts no run. The uploader writes that manifest before the first
 * object, and S3 returns what was written last, so no order of events can start it. An upload with a limit for the whole
 * has one run.
 */
export async function intake(ports: IntakePorts, news: UploadNews): Promise<TakenIn> {
  const now = ports.clock.now();
  const { quietMs } = ports;
  const { uploadId, objectAt } = news;
  const manifest = news.manifestAt !== null || news.check ? await readManifest(ports, uploadId) : null;
  const manifestAt = manifest && isCurrent(manifest, news.manifestTags) && !manifest.held ? news.manifestAt : null;
  const taken: TakenIn[] = [];
  if (objectAt !== null || manifestAt !== null) {
    const see = (upload: Upload) =>
      manifestAt !== null && manifest && isOver(manifest, upload)
        ? noteLate(upload, Math.max(manifestAt, objectAt ?? 0))
        : observe(upload, { objectAt, manifestAt, now, quietMs });
    taken.push(await follow(ports, uploadId, see));
  }
  if (news.check) taken.push(await follow(ports, uploadId, (upload) => check(upload, manifest, { now, quietMs })));
  return {
    started: taken.findLast(({ started }) => started !== null)?.started ?? null,
    late: taken.some(({ late }) => late),
  };
}

function check(
  upload: Upload,
  manifest: StoredManifest | null,
  { now, quietMs }: { readonly now: number; readonly quietMs: number },
): UploadDecision {
  // The first run of an upload with a manifest starts by the manifest's own event, which may still be on its way.
  if (manifest && (manifest.held || upload.rounds === 0)) return stopChecking(upload);
  if (manifest && isOver(manifest, upload)) return noteLate(upload, upload.lastObjectAt);
  return checkQuiet(upload, now, quietMs);
}

interface StoredManifest {
  readonly etag: string;
  readonly held: boolean;
  readonly oneRun: boolean;
}

async function readManifest({ manifests }: IntakePorts, uploadId: string): Promise<StoredManifest | null> {
  const stored = await manifests.read(uploadId);
  if (stored === null) return null;
  const parsed = parseUploadManifest(stored.text);
  return { etag: stored.etag, held: holdsBack(parsed), oneRun: hasOneRun(parsed) };
}

/** Whether the upload has had its only run. */
const isOver = ({ oneRun }: StoredManifest, { rounds }: Upload): boolean => oneRun && rounds > 0;

/** Whether an event is about the manifest as it is now. One that was replaced is ignored: its successor has an event. */
const isCurrent = ({ etag }: StoredManifest, tags: readonly string[]): boolean =>
  tags.length === 0 || tags.includes(etag);

async function follow(
  ports: IntakePorts,
  uploadId: string,
  decide: (upload: Upload) => UploadDecision,
): Promise<TakenIn> {
  const { start, late = false } = await write(ports, uploadId, decide);
  let round = start;
  let name: string | null = null;
  while (round !== null) {
    name = runName(ports.ids, uploadId, round);
    await ports.runs.start(name, { uploadId, retry: 0 });
    const started = round;
    ({ start: round } = await write(ports, uploadId, (upload) => markStarted(upload, started)));
  }
  return { started: name, late };
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
