import type { Failure } from '../failures/failure.ts';
import type { ModelAnswer, ModelRequest } from './model.ts';

/** What a batch asks of the model in one of its entries. */
export interface BatchEntry {
  /** Unique in its batch: 1 to 64 of the characters `A`–`Z`, `a`–`z`, `0`–`9`, `_`, `-`. Results are told by it. */
  readonly customId: string;
  readonly request: Omit<ModelRequest, 'timeoutMs' | 'stepId' | 'signal'>;
}

/** A batch as the provider tells of it: never what a running one holds, only how much. */
export interface BatchStatus {
  readonly id: string;
  readonly status: 'in-progress' | 'canceling' | 'ended';
  /** Milliseconds since the epoch, by the provider's clock. */
  readonly createdAt: number;
  /** How many entries it has. */
  readonly entries: number;
}

/** What became of an entry. Only what succeeded is billed. */
export type BatchResult = { readonly customId: string } & (
  | { readonly kind: 'succeeded'; readonly answer: ModelAnswer }
  /** `permanent`: the provider refused the entry; `transient`: it failed there. */
  | { readonly kind: 'failed'; readonly failure: Failure }
  /** The batch ended, after 24 hours or because it was cancelled, before the entry's turn came. */
  | { readonly kind: 'expired' | 'cancelled' }
);

/**
 * The language model for those who can wait a day and pay half: Message Batches.
 * Every operation throws `FailureError` as `Model` does. A creation that fails as `transient` without `notBilled` may have been made all
 * the same: only `list` tells.
 */
export interface BatchModel {
  /** Makes one batch of 1 to 100,000 entries, at most 256 MB in all. */
  create(entries: readonly BatchEntry[]): Promise<BatchStatus>;
  /** All batches of the account, the newest first. */
  list(): AsyncIterable<BatchStatus>;
  /** Null when there is none of this id. */
  get(id: string): Promise<BatchStatus | null>;
  /** The results of an ended batch, in any order. */
  results(id: string): AsyncIterable<BatchResult>;
  /** Asks for a batch's end: entries under way may still be answered. One that has ended stays as it is. */
  cancel(id: string): Promise<void>;
}
