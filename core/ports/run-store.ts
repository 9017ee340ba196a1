import type { Run } from '../runs/run.ts';

/** Runs that clients asked for. They are written once. A run's progress is read from its tasks. */
export interface RunStore {
  /** Puts the run if its id is free. Otherwise returns the stored one. */
  create(run: Run): Promise<{ readonly created: boolean; readonly run: Run }>;
  get(tenant: string, id: string): Promise<Run | null>;
  /** A tenant's runs, newest first. Eventually consistent. */
  list(tenant: string, after?: Pick<Run, 'createdAt' | 'id'>): AsyncIterable<Run>;
}
