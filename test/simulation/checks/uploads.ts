import type { Actor } from '../world/actor.ts';
import type { Upload } from '#core/uploads/upload.ts';
import { expectThat } from './violation.ts';

/** What really happened to an upload. Times are milliseconds since 1970. */
export interface UploadHistory {
  readonly id: string;
  /** S3's times of everything that was put: objects and manifest. */
  readonly puts: readonly number[];
  readonly manifestAt: number | null;
  /** When a manifest said that the upload is open; null when none did. Then only the complete one starts the run. */
  readonly openedAt: number | null;
  /** Whether its manifest has a limit for the whole. */
  readonly limited: boolean;
  /** How long it must be quiet when it has no manifest. */
  readonly quietMs: number;
  upload: Upload | null;
  /** When each run was first started, by name. */
  readonly runs: Map<string, number>;
}

/**
 * I10 for uploads: an upload becomes a run once, however often and in whatever order its events arrive.
 * - U1 A round is decided only when something new is covered by it, and covers up to a time at which something was put.
 * - U2 Runs are started for decided rounds only, each under one name.
 * - U4 A round that no manifest decided is decided only when the upload has been quiet, by the decider's clock.
 * - U5 An open upload starts no run before its manifest says that it is complete.
 * - U6 An upload with a limit for the whole has one run. What comes later is noted, and no run has it.
 * - U3 In the end every object was there before a run that covers it began, and every decided round was started.
 */
export function checkRound(history: UploadHistory, before: Upload, after: Upload, by: Actor): void {
  const decided = after.rounds - before.rounds;
  expectThat(decided === 0 || decided === 1, 'U1', () => `${decided} rounds were decided at once`);
  expectThat(!history.limited || after.rounds <= 1, 'U6', () => `an upload with a limit got ${after.rounds} rounds`);
  if (decided === 0) {
    const noted = history.limited && before.rounds === 1 && after.lateAt === after.coveredUntil;
    expectThat(
      noted || after.coveredUntil === before.coveredUntil,
      'U1',
      () => 'what is covered changed without a round',
    );
    return;
  }
  expectThat(
    after.coveredUntil > before.coveredUntil && history.puts.includes(after.coveredUntil),
    'U1',
    () => `round ${after.rounds} covers nothing new: ${before.coveredUntil} became ${after.coveredUntil}`,
  );
  const quiet = by.latest - after.coveredUntil;
  expectThat(
    after.coveredUntil === history.manifestAt || quiet >= history.quietMs,
    'U4',
    () => `round ${after.rounds} was decided ${quiet} ms after the newest object`,
  );
}

export function checkRunStarted(history: UploadHistory, name: string, at: number): void {
  const { upload, runs, openedAt, manifestAt } = history;
  expectThat(
    openedAt === null || at >= (manifestAt ?? Infinity),
    'U5',
    () => `run ${name} started while its upload was open`,
  );
  const rounds = upload?.rounds ?? 0;
  const wanted = rounds === 0 ? [] : [/^[^-]+$|--id-[0-9a-f]{12}$/, ...laterRounds(rounds)];
  const fits = wanted.some((pattern) => pattern.test(name));
  expectThat(fits && runs.size <= rounds, 'U2', () => `run ${name} started; ${rounds} rounds were decided`);
}

/** The manifest as S3 has it at a time. */
export function manifestAt({ openedAt, limited, manifestAt: completeAt }: UploadHistory, now: number) {
  if (completeAt !== null && now >= completeAt) return { text: limited ? '{"maxUsd":1}' : '{}', etag: 'complete' };
  return openedAt !== null && now >= openedAt ? { text: '{"state":"open"}', etag: 'open' } : null;
}

const laterRounds = (rounds: number): RegExp[] =>
  Array.from({ length: rounds - 1 }, (_, index) => new RegExp(`--${index + 2}$`));

export function checkUploadDone({ id, upload, puts, runs, limited }: UploadHistory): void {
  const newest = Math.max(...puts);
  expectThat(
    upload !== null && upload.rounds === runs.size && upload.started === upload.rounds,
    'U3',
    () => `upload ${id}: ${upload?.rounds ?? 0} rounds decided, ${runs.size} started`,
  );
  const last = Math.max(...runs.values());
  const noted = limited && upload !== null && upload.coveredUntil >= newest;
  expectThat(last >= newest || noted, 'U3', () => `upload ${id}: an object came after its last run began`);
}

/** Whether all that can be done for an upload was done. */
export function isUploadDone({ upload, puts, runs }: UploadHistory): boolean {
  return (
    upload !== null && upload.coveredUntil >= Math.max(...puts) && upload.started === upload.rounds && runs.size > 0
  );
}
