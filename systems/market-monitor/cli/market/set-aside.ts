import { rejectedRecords, type RejectedEntry } from '#adapters/s3/rejected-records.ts';
import { ROUTER } from '../../router/name.ts';
import { reasonsOf } from '../../set-aside/view.ts';
import type { MarketOfFleet } from './own-fleet.ts';

/** What the router set aside. */
export interface SetAsideCounts {
  readonly count: number;
  /** How many records each reason has, the most first. */
  readonly reasons: Readonly<Record<string, number>>;
}

const MAX_RECORDS = 10_000;

/**
 * Counts what the router set aside since then.
 * @param isOwn which records count
 */
export async function setAsideSince(
  { s3, rejectedBucket }: Pick<MarketOfFleet, 's3' | 'rejectedBucket'>,
  since: number,
  isOwn: (record: RejectedEntry) => boolean = () => true,
): Promise<SetAsideCounts> {
  const query = { client: s3, bucket: rejectedBucket, router: ROUTER, since, now: Date.now(), maxRecords: MAX_RECORDS };
  const records = (await rejectedRecords(query)).records.filter(isOwn);
  return { count: records.length, reasons: reasonsOf(records) };
}
