import { z } from 'zod';
import { poolOperations } from '#core/api/pools/operations.ts';
import { poolViewSchema, type PoolView } from '#core/api/pools/messages.ts';
import { call } from './call.ts';
import { useLive } from './use-live.ts';

const answerSchema = z.object({ pools: z.array(poolViewSchema) });

const readPools = async (signal: AbortSignal): Promise<readonly PoolView[]> =>
  (await call(poolOperations.listPools, answerSchema, { query: { tasks: 'true' }, signal })).pools;

/** The pools with their counts. Parts of a page share one read. */
export const usePools = () => useLive(['pools'], readPools, { isBusy: (pools) => pools.some(isBusy) });

const isBusy = (pool: PoolView): boolean => openTasks(pool) > 0 || pool.status === 'resuming';

/** Tasks that wait in a pool, in its queues or parked. */
export const waitingTasks = ({ tasks }: PoolView): number =>
  (tasks?.queued ?? 0) + Object.values(tasks?.parked ?? {}).reduce((sum, number) => sum + number, 0);

const openTasks = (pool: PoolView): number => waitingTasks(pool) + (pool.tasks?.running ?? 0);

export const pausePool = (agent: string, body: { readonly reason: string; readonly by: string }): Promise<PoolView> =>
  call(poolOperations.pausePool, poolViewSchema, { params: { agent }, body });

export const resumePool = (agent: string): Promise<PoolView> =>
  call(poolOperations.resumePool, poolViewSchema, { params: { agent } });
