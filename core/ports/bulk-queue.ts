import type { BulkAction } from '../bulk/action.ts';

/** The queue of bulk actions that have work left. */
export interface BulkQueue {
  /** Has a function work on the action. Several messages of one action do no harm. */
  send(action: Pick<BulkAction, 'tenant' | 'id'>): Promise<void>;
}
