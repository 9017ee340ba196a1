import type { Batch } from '../economy/batch.ts';

/** The fleet's own records of batches. The provider keeps the batches themselves. */
export interface BatchStore {
  /** Null when there is none. Strongly consistent. */
  get(id: string): Promise<Batch | null>;
  /** Puts a batch with a new id. */
  create(batch: Batch): Promise<void>;
  /** Writes `next` if the stored version is still `next.version - 1`. */
  replace(next: Batch): Promise<'replaced' | 'conflict'>;
  /** An agent's open batches, oldest first. Eventually consistent. */
  open(agent: string): AsyncIterable<string>;
}
