import { z } from 'zod';
import type { RejectedEntry } from '#adapters/s3/rejected-records.ts';
import { subjectSchema } from '../events/events.ts';

/** A record that the router set aside, as API and commands show it: never with its text. */
export const rejectedViewSchema = z.object({
  reason: z.string().describe('Such as not-json, unknown-type, invalid-data or from-the-future.'),
  arrivedAt: z.iso.datetime().describe('When the stream received it.'),
  stream: z.string(),
  partition: z.string().describe('Shard or partition.'),
  position: z.string().describe('Place in the partition.'),
  subject: z.string().nullable().describe('Its partition key, if that is a subject of the monitor.'),
  bytes: z.number().int().describe('Length of the record.'),
  detail: z.string().optional().describe('What is wrong with it. It may quote the record: words of whoever sent it.'),
});
export type RejectedView = z.infer<typeof rejectedViewSchema>;

/** @param details whether to say what is wrong, which may quote the record */
export function rejectedView(
  { reason, arrivedAt, stream, partition, position, key, bytes, detail }: RejectedEntry,
  details: boolean,
): RejectedView {
  return {
    reason,
    arrivedAt: new Date(arrivedAt).toISOString(),
    stream,
    partition,
    position,
    subject: subjectSchema.safeParse(key).data ?? null,
    bytes,
    ...(details && { detail }),
  };
}

/** How many records each reason has, the most first. */
export function reasonsOf(records: readonly { readonly reason: string }[]): Record<string, number> {
  const groups = [...Map.groupBy(records, ({ reason }) => reason)].map(
    ([reason, own]) => [reason, own.length] as const,
  );
  return Object.fromEntries(groups.toSorted(([a, one], [b, other]) => other - one || (a < b ? -1 : 1)));
}

/** `8 invalid-data, 4 not-json`. */
export const reasonWords = (reasons: Readonly<Record<string, number>>): string =>
  Object.entries(reasons)
    .map(([reason, count]) => `${count.toLocaleString('en-US')} ${reason}`)
    .join(', ');
