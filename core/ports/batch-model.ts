import type { Failure } from '../failures/failure.ts';
import type { ModelAnswer, ModelRequest } from './model.ts';

/** What a batch asks of the model in one of its entries. */
export interface BatchEntry {
  /** Unique in its batch: 1 to 64 of the characters `A`–`Z`, `a`–`z`, `0`–`9`, `_`, `-`. Results are matched by it. */
  readonly customId: string;
  readonly request: Omit<ModelRequest, 'timeoutMs' | 'stepId' | 'signal'>;
}

/** A batch as the provider reports it. The entries of a running batch cannot be read, only counted. */
export interface BatchStatus {
  readonly id: string;
  readonly status: 'in-progress' | 'canceling' | 'ended';
  /** Milliseconds since the epoch, by the provider's clock. */
  readonly createdAt: number;
  /** How many entries it has. */
  readonly entries: number;
}

/** The result of an entry. Only succeeded entries are billed. */
export type BatchResult = { readonly customId: string } & (
  | { readonly kind: 'succeeded'; readonly answer: ModelAnswer }
  /** `permanent`: the provider rejected the entry. `transient`: it failed there. */
  | { readonly kind: 'failed'; readonly failure: Failure }
  /** The batch ended, after 24 hours or because it was cancelled, before the entry's turn came. */
  | { readonly kind: 'expired' | 'cancelled' }
);

/**
 * The language model at half the price for tasks that can wait a day: Message Batches.
 * Every operation throws `FailureError` as `Model` does. A creation that fails as `transient` without `notBilled` may still
 * have created the batch: only `list` shows it.
 */
export interface BatchModel {
  /** Makes one batch of 1 to 100,000 entries, at most 256 MB in all. */
  create(entries: readonly BatchEntry[]): Promise<BatchStatus>;
  /** All batches of the account, newest first. */
  list(): AsyncIterable<BatchStatus>;
  /** Null when no batch has this id. */
  get(id: string): Promise<BatchStatus | null>;
  /** The results of an ended batch, in any order. */
  results(id: string): AsyncIterable<BatchResult>;
  /** Requests cancellation. Entries under way may still be answered. Does nothing to a batch that has ended. */
  cancel(id: string): Promise<void>;
}
