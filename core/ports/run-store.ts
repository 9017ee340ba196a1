import type { Run } from '../runs/run.ts';

/** Runs that clients asked for. They are written once: how far a run is, its tasks tell. */
export interface RunStore {
  /** Puts the run if its id is free; otherwise answers with the one that is there. */
  create(run: Run): Promise<{ readonly created: boolean; readonly run: Run }>;
  get(tenant: string, id: string): Promise<Run | null>;
  /** A tenant's runs, newest first. Eventually consistent. */
  list(tenant: string, after?: Pick<Run, 'createdAt' | 'id'>): AsyncIterable<Run>;
}
