import type { Batch } from '../economy/batch.ts';

/** What is known of batches here; the provider knows what it holds itself. */
export interface BatchStore {
  /** Null when there is none. Strongly consistent. */
  get(id: string): Promise<Batch | null>;
  /** Puts a batch whose id nobody had. */
  create(batch: Batch): Promise<void>;
  /** Writes `next` if the stored version is still `next.version - 1`. */
  replace(next: Batch): Promise<'replaced' | 'conflict'>;
  /** An agent's batches that are not over, the oldest first. Eventually consistent. */
  open(agent: string): AsyncIterable<string>;
}
