import { z } from 'zod';

/** Environment of a stream's router and of its sweep, besides that of the app. */
export const routeStreamEnv = z.object({
  /** The router's name. Its items carry it. */
  ROUTER: z.string().min(1),
  ROUTER_TABLE: z.string().min(1),
  /** The bucket of what is set aside. */
  ROUTER_BUCKET: z.string().min(1),
  /** How long events are remembered. Longer than the stream keeps them. */
  ROUTER_MEMORY_HOURS: z.coerce.number().int().min(1),
  /** Whether the event source mapping heeds a partial response. Kafka's does in provisioned mode only: else what fails is set aside. */
  ROUTER_PARTIAL: z.enum(['true', 'false']),
});
export type RouteStreamEnv = z.infer<typeof routeStreamEnv>;
