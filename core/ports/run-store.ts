import type { Run, RunMark } from '../runs/run.ts';

/** Runs. Only marks change one. A run's progress is read from its tasks. */
export interface RunStore {
  /** Puts the run if its id is free. Otherwise returns the stored one. */
  create(run: Run): Promise<{ readonly created: boolean; readonly run: Run }>;
  /** Strongly consistent. */
  get(tenant: string, id: string): Promise<Run | null>;
  /** Notes a time on a run, see `withMark`, and returns it. Null when it does not exist. */
  mark(tenant: string, id: string, what: RunMark, at: number): Promise<Run | null>;
  /** A tenant's runs, newest first. Eventually consistent. */
  list(tenant: string, after?: Pick<Run, 'createdAt' | 'id'>): AsyncIterable<Run>;
}
