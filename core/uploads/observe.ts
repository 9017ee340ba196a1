import type { Upload } from './upload.ts';

/** A check that is overdue by this much is sent again: its message was lost. */
const LOST_CHECK_MS = 60_000;

/** What to do after events were seen: the next state to write (null for none), a run to start, a check to send. */
export interface UploadDecision {
  readonly next: Upload | null;
  /** The first round that was decided and is not known to have started. Others may follow it. */
  readonly start: number | null;
  readonly checkInMs: number | null;
  /** Whether objects were noted that no run has. */
  readonly late?: boolean;
}

export interface Observation {
  /** S3's time of the newest object among the events, or null if there was none but the manifest. */
  readonly objectAt: number | null;
  /** S3's time of the newest manifest, or null. */
  readonly manifestAt: number | null;
  readonly now: number;
  readonly quietMs: number;
}

/**
 * Handles created objects. A manifest newer than what is covered decides a round at once. An object that no round covers
 * schedules a check for when the upload has been quiet. Events may come late, twice and in any order: only S3's times
 * count.
 */
export function observe(upload: Upload, seen: Observation): UploadDecision {
  if (seen.manifestAt !== null && seen.manifestAt > upload.coveredUntil) {
    const lastObjectAt = Math.max(upload.lastObjectAt, seen.objectAt ?? 0);
    const late = lastObjectAt > seen.manifestAt;
    const next = decideRound({ ...upload, lastObjectAt }, seen.manifestAt);
    return {
      ...unstarted(next),
      next: { ...next, checkAt: late ? seen.now + seen.quietMs : next.checkAt },
      checkInMs: late ? seen.quietMs : null,
    };
  }
  if (seen.objectAt === null || seen.objectAt <= upload.coveredUntil) return unstarted(upload);
  const pending = upload.checkAt !== null && seen.now < upload.checkAt + LOST_CHECK_MS;
  const next = {
    ...upload,
    version: upload.version + 1,
    lastObjectAt: Math.max(upload.lastObjectAt, seen.objectAt),
    checkAt: pending ? upload.checkAt : seen.now + seen.quietMs,
  };
  return { ...unstarted(upload), next, checkInMs: pending ? null : seen.quietMs };
}

/** Decides a round if the upload has gone quiet. Otherwise schedules a check for the next time it could be. */
export function checkQuiet(upload: Upload, now: number, quietMs: number): UploadDecision {
  if (upload.lastObjectAt <= upload.coveredUntil) return stopChecking(upload);
  const quietAt = upload.lastObjectAt + quietMs;
  if (now >= quietAt) {
    const next = decideRound(upload, upload.lastObjectAt);
    return { ...unstarted(next), next: { ...next, checkAt: null } };
  }
  return { next: { ...upload, version: upload.version + 1, checkAt: quietAt }, start: null, checkInMs: quietAt - now };
}

/** Ends the pending check of an upload that is open or given up. Its manifest starts its run. */
export function stopChecking(upload: Upload): UploadDecision {
  const next = upload.checkAt === null ? null : { ...upload, version: upload.version + 1, checkAt: null };
  return { ...unstarted(upload), next };
}

/** Notes objects that came after the only run of their upload. Events of objects that the run covers note nothing. */
export function noteLate(upload: Upload, at: number): UploadDecision {
  if (at <= upload.coveredUntil) return stopChecking(upload);
  const next = { ...upload, version: upload.version + 1, checkAt: null, coveredUntil: at, lateAt: at };
  return { ...unstarted(next), next, late: true };
}

/** Records that a round was started. After a crash before this write the start is repeated under the same name. */
export function markStarted(upload: Upload, round: number): UploadDecision {
  if (upload.started >= round) return unstarted(upload);
  const next = { ...upload, version: upload.version + 1, started: round };
  return { ...unstarted(next), next };
}

function decideRound(upload: Upload, coveredUntil: number): Upload {
  return { ...upload, version: upload.version + 1, rounds: upload.rounds + 1, coveredUntil };
}

/** The next round that was decided but not started. Rounds start in order, each with its own run. */
function unstarted(upload: Upload): UploadDecision {
  return { next: null, start: upload.started < upload.rounds ? upload.started + 1 : null, checkInMs: null };
}
