import type { z } from 'zod';
import { poolListSchema } from '#core/api/pools/messages.ts';
import { poolOperations } from '#core/api/pools/operations.ts';
import type { ApiClient } from './api/client.ts';

/** An earlier release has no other holds than those of pools. */
const schema = poolListSchema.partial({ fleet: true, tenants: true });
export type FleetState = z.infer<typeof schema>;

/** Reads the pools with their tasks counted, and what holds them. */
export const readFleet = (api: ApiClient): Promise<FleetState> =>
  api.call(poolOperations.listPools, schema, { query: { tasks: 'true' } });
