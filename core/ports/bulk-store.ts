import type { BulkAction, BulkPage } from '../bulk/action.ts';

/** Bulk actions and the pages of their tasks. */
export interface BulkStore {
  /** Puts the action if its id is free. Otherwise returns the stored one. */
  create(action: BulkAction): Promise<{ readonly created: boolean; readonly action: BulkAction }>;
  /** Strongly consistent. Null when it does not exist. */
  get(tenant: string, id: string): Promise<BulkAction | null>;
  /** Writes `next` if the stored version is still `next.version - 1`. */
  write(next: BulkAction): Promise<'written' | 'conflict'>;
  /** A tenant's actions, newest first. Eventually consistent. */
  list(tenant: string, after?: Pick<BulkAction, 'createdAt' | 'id'>): AsyncIterable<BulkAction>;
  /** Strongly consistent. Null when it does not exist. */
  getPage(list: string, index: number): Promise<BulkPage | null>;
  /** Writes `next` if the stored version is still `next.version - 1`; version 1 only if none is stored. */
  writePage(next: BulkPage): Promise<'written' | 'conflict'>;
}
