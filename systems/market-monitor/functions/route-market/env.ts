import { z } from 'zod';
import { watchedSources } from '../../sources/source.ts';

/** The variables of the router's app. */
export const routeMarketEnv = z.object({
  MARKET_TABLE: z.string().min(1),
  /** The fleet's table of tasks. */
  STATE_TABLE: z.string().min(1),
  DELIVERY_QUEUE_URL: z.url(),
  /** Prefix of the analysts' queues. */
  QUEUE_PREFIX: z.string().min(1),
  /** The tenant that owns the analysts' tasks. */
  TENANT: z.string().min(1),
  WATCHED_SOURCES: watchedSources,
});
export type RouteMarketEnv = z.infer<typeof routeMarketEnv>;
