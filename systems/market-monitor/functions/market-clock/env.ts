import { z } from 'zod';
import { streamQuietMinutes, watchedSources } from '../../sources/source.ts';
import { marketMailEnv } from '../deliver-alert/env.ts';

/** Environment of the function that runs every minute. */
export const marketClockEnv = z.object({
  ...marketMailEnv.shape,
  MARKET_TABLE: z.string().min(1),
  DELIVERY_QUEUE_URL: z.url(),
  WATCHED_SOURCES: watchedSources,
  STREAM_QUIET_MINUTES: streamQuietMinutes,
  /** Keeps digests that do not fit an item, below `digests/`. */
  DIGEST_BUCKET: z.string().min(1),
  /** IANA time zone of the readers of digests who have no quiet hours in another one. */
  ZONE: z.string().min(1),
});
export type MarketClockEnv = z.infer<typeof marketClockEnv>;

/** What the function is invoked with. The schedule's own event has none of it. */
export const marketClockEvent = z.object({
  /** Time of the events, for a day that is played: ISO 8601. Then sources are not watched. */
  at: z.iso.datetime({ offset: true }).optional(),
});
