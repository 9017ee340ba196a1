import { hasEnded, type Run } from '../runs/run.ts';

/** A run of a night, in whichever region of the fleet it is. */
export interface NightRun {
  readonly runId: string;
  /** As Step Functions reports it. */
  readonly status: string;
}

/** What settles a night comes first. All else has failed. */
const COUNTS = ['SUCCEEDED', 'RUNNING', 'ABORTED'];

/** Of the runs that several regions have for one night, the one that counts. Null when there is none. */
export function countingRun(runs: readonly (NightRun | null)[]): NightRun | null {
  const found = runs.filter((run) => run !== null);
  const first = COUNTS.flatMap((status) => found.filter((run) => run.status === status));
  return first[0] ?? found[0] ?? null;
}

/**
 * The status of a run by its item alone, as another region sees it. An item does not tell a run that timed out from one that
 * a person stopped: both are `ABORTED`. One that was redriven after it had failed counts as `FAILED`.
 */
export function statusOfItem(run: Pick<Run, 'cancelledAt' | 'endedAt' | 'failedAt' | 'rejoinedAt'>): string {
  if (run.cancelledAt !== undefined) return 'ABORTED';
  if (!hasEnded(run)) return 'RUNNING';
  return run.failedAt === undefined ? 'SUCCEEDED' : 'FAILED';
}
