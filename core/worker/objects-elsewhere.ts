import { FailureError, failureOf } from '../failures/failure.ts';
import type { ArtifactRef, Artifacts } from '../ports/artifacts.ts';
import { homeOfTask, type Homes } from '../regions/home.ts';
import type { TaskId } from '../tasks/task-id.ts';

/** This region's copies of documents that were uploaded in the others. */
export interface DocumentCopies {
  readonly bucket: string;
  /** SHA-256 in hex. */
  readonly digest: (bytes: Uint8Array) => string;
}

export interface ObjectPorts {
  readonly artifacts: Artifacts;
  /** The regions of a global fleet. @default the fleet has one */
  readonly homes?: Homes | undefined;
  /** This region's bucket of inputs, which has copies of those of the others. @default the fleet has one region */
  readonly inputs?: string | undefined;
  /** @default documents are not copied */
  readonly copies?: DocumentCopies | undefined;
}

/** How long a task waits before it looks for its object again. */
const LOOKS_AGAIN_MS = 60_000;
/** Begins the keys of inputs. */
const INPUT = /^inputs\//;

/**
 * The artifacts as a task sees them. Of inputs and documents there is a copy in each region, a moment after the upload. A
 * task that does not find its object here waits for the copy, or for its region when it was taken over. It spends no attempt
 * (I5), and fails by its deadline only.
 *
 * Two regions may have uploads of the same name, and there is one copy of that name. So a copy is the task's document only
 * if it has the bytes that were accepted.
 */
export function artifactsOf({ artifacts, homes, inputs, copies }: ObjectPorts, id: TaskId): Artifacts {
  if (!homes) return artifacts;
  const home = homeOfTask(id, homes.names);
  const isAway = home !== homes.here;
  return {
    ...artifacts,
    get(ref) {
      if (INPUT.test(ref.key) && inputs !== undefined && inputs !== ref.bucket)
        return orWait(artifacts.get({ ...ref, bucket: inputs }), NOT_COPIED);
      if (!isAway) return artifacts.get(ref);
      const copied = copies && ref.sha256 !== undefined ? readCopy(artifacts, copies, ref) : artifacts.get(ref);
      return orWait(copied, notReadHere(homes.names[home] ?? ''));
    },
  };
}

/**
 * Artifacts that any region may write and S3 copies to the others, as a region reads them: what is not here yet is waited
 * for, at no attempt. What S3 cannot do for a moment is tried again as in a fleet of one region.
 */
export const copiedArtifacts = (artifacts: Artifacts, homes: Homes | undefined): Artifacts =>
  homes ? { ...artifacts, get: (ref) => artifacts.get(ref).catch(unlessMissing) } : artifacts;

function unlessMissing(cause: unknown): never {
  throw failureOf(cause).kind === 'permanent' ? waits(NOT_COPIED, cause) : cause;
}

async function readCopy(artifacts: Artifacts, { bucket, digest }: DocumentCopies, ref: ArtifactRef) {
  const bytes = await artifacts.get({ ...ref, bucket });
  if (digest(bytes) === ref.sha256) return bytes;
  throw new Error(`The copy of ${ref.key} has other bytes.`);
}

async function orWait(reading: Promise<Uint8Array>, reason: string): Promise<Uint8Array> {
  try {
    return await reading;
  } catch (cause) {
    throw waits(reason, cause);
  }
}

const waits = (reason: string, cause: unknown): FailureError =>
  new FailureError({ kind: 'throttled', reason, retryAfterMs: LOOKS_AGAIN_MS }, { cause });

const NOT_COPIED =
  'An object of the task was written in another region and has not been copied to this one yet. The task waits for it.';

const notReadHere = (region: string): string =>
  `An object of the task cannot be read outside its region, ${region}. The task waits for a copy, or until that region has its home back.`;
