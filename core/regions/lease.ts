import { z } from 'zod';
import { storedRecord } from '../stored/record.ts';
import { NO_EPOCH } from './epoch.ts';

/**
 * The lease of a home, as each of three plain tables in three regions stores it. Whoever holds it in two of them holds
 * the home.
 * 1. An item only ever grows: a higher epoch, or a higher beat of the same epoch. So no value comes back, and a request
 *    that arrives late or twice changes nothing.
 * 2. An epoch is replaced only by whoever saw exactly the item that is stored.
 * 3. No clock value is stored or compared. How long an item stayed as it was is measured by the one who waits, with its
 *    own stopwatch ([keeper.ts](./keeper.ts)).
 */
export const leaseItemSchema = storedRecord({
  /** The epoch under which the home is held. It names the region. */
  epoch: z.number().int().nonnegative(),
  /** Changed by each round of the holder. */
  beat: z.number().int().positive(),
});
export type LeaseItem = Pick<z.infer<typeof leaseItemSchema>, 'epoch' | 'beat'>;

/** How an item that does not exist yet is seen. */
export const NO_LEASE: LeaseItem = { epoch: NO_EPOCH, beat: 0 };

/** A request to one table. Each is one read or one conditional write. */
export type LeaseRequest =
  | { readonly kind: 'read' }
  /** The holder of the epoch changes the beat. */
  | { readonly kind: 'beat'; readonly epoch: number; readonly beat: number }
  /** Somebody replaces the item that it saw. */
  | { readonly kind: 'take'; readonly seen: LeaseItem; readonly epoch: number; readonly beat: number };

/** A table's answer: the item that is stored now, and whether the request wrote it. */
export interface LeaseAnswer {
  readonly granted: boolean;
  readonly item: LeaseItem;
}

/** Decides a request on the stored item. An adapter turns it into one conditional write that checks the same. */
export function answerLease(stored: LeaseItem, request: LeaseRequest): LeaseAnswer {
  if (!isGranted(stored, request)) return { granted: false, item: stored };
  return { granted: true, item: { ...stored, epoch: request.epoch, beat: request.beat } };
}

function isGranted(
  stored: LeaseItem,
  request: LeaseRequest,
): request is Exclude<LeaseRequest, { readonly kind: 'read' }> {
  switch (request.kind) {
    case 'read':
      return false;
    case 'beat':
      return stored.epoch === request.epoch && stored.beat < request.beat;
    case 'take':
      return isSame(stored, request.seen) && stored.epoch < request.epoch;
  }
}

export const isSame = (one: LeaseItem, other: LeaseItem): boolean =>
  one.epoch === other.epoch && one.beat === other.beat;

/** Whether an item was stored later than another one of the same table. */
export const isNewer = (one: LeaseItem, other: LeaseItem): boolean =>
  one.epoch > other.epoch || (one.epoch === other.epoch && one.beat > other.beat);
