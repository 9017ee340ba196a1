import { z } from 'zod';
import { streamSourceSchema } from '#lib/stream-source.ts';

/** Settings of the market monitor, from `systems.market-monitor` in `config/*.json`. */
export const marketSettings = z.strictObject({
  /** Where events come from: a Kinesis stream of its own, or topics of a Kafka cluster. */
  stream: streamSourceSchema.prefault({ kind: 'kinesis', shards: 1 }),
  /** The tenant that owns the analysts' tasks. Its budget limits what a day costs. */
  tenant: z.string().min(1).default('default'),
  /** IANA time zone of the readers of digests who have no quiet hours in another one. */
  zone: z.string().min(1).default('America/New_York'),
  /**
   * Names of sources (`source` of their events) that send at least every five minutes while the New York Stock Exchange is
   * open: people are alerted when one falls silent. @default only the stream is watched, in which any event counts
   */
  sources: z.array(z.string().min(1).max(200)).max(20).default([]),
  /**
   * Minutes of a session without any event after which people are alerted that the stream is silent. Null: it is not watched,
   * for a fleet that has few events or no feed. @default 5
   */
  streamQuietMinutes: z.number().min(1).max(390).nullable().default(5),
  /** Sender of alerts and digests by mail. Its domain must be verified in Amazon SES. @default nothing is mailed */
  mailFrom: z.string().min(3).optional(),
});
