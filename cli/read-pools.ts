import { z } from 'zod';
import { poolViewSchema, type PoolView } from '#core/api/pools/messages.ts';
import { poolOperations } from '#core/api/pools/operations.ts';
import type { ApiClient } from './api/client.ts';

/** Reads the pools with their tasks counted. */
export async function readPools(api: ApiClient): Promise<readonly PoolView[]> {
  const schema = z.object({ pools: z.array(poolViewSchema) });
  return (await api.call(poolOperations.listPools, schema, { query: { tasks: 'true' } })).pools;
}
