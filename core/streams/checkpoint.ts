import type { SourceRecord } from './source-record.ts';

/**
 * The lowest failed record of each partition. The mapping sends it and everything after it again, whether it succeeded or
 * not, so a higher position would lose what lies below.
 */
export function lowestFailures(failed: readonly SourceRecord[]): readonly SourceRecord[] {
  const lowest = new Map<string, SourceRecord>();
  for (const record of failed) {
    const partition = JSON.stringify([record.stream, record.partition]);
    const known = lowest.get(partition);
    if (!known || BigInt(record.position) < BigInt(known.position)) lowest.set(partition, record);
  }
  return [...lowest.values()];
}
