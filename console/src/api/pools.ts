import {
  fleetHoldSchema,
  poolListSchema,
  poolViewSchema,
  tenantHoldSchema,
  type PoolList,
  type PoolView,
} from '#core/api/pools/messages.ts';
import { poolOperations } from '#core/api/pools/operations.ts';
import { call } from './call.ts';
import { useLive } from './use-live.ts';

export type { PoolView };

/** Milliseconds between two reads of the pools. */
const POOLS_MS = 10_000;

const usePools = (tasks: 'true' | 'false') =>
  useLive(
    ['pools', tasks],
    (signal): Promise<PoolList> => call(poolOperations.listPools, poolListSchema, { query: { tasks }, signal }),
    // A read asks each queue of each pool, whatever runs.
    { everyMs: POOLS_MS },
  );

/** What holds the fleet, tenants and pools. Parts of a page share one read. */
export const useHolds = () => usePools('false');

/** The same with the tasks of each pool counted, for views that show them: a read reads up to 1,000 tasks of a pool. */
export const useFleet = () => usePools('true');

/** Tasks that wait in a pool, in its queues or parked. */
export const waitingTasks = ({ tasks }: PoolView): number =>
  (tasks?.queued ?? 0) + Object.values(tasks?.parked ?? {}).reduce((sum, number) => sum + number, 0);

/** What can be paused and resumed. */
export type What =
  | { readonly kind: 'pool'; readonly agent: string }
  | { readonly kind: 'tenant'; readonly tenant: string }
  | { readonly kind: 'fleet' };

/** For a person: `the pool assistant`. */
export const nameOf = (what: What): string =>
  what.kind === 'pool' ? `the pool ${what.agent}` : what.kind === 'tenant' ? `the tenant ${what.tenant}` : 'the fleet';

export function pause(what: What, body: { readonly reason: string; readonly by: string }): Promise<unknown> {
  switch (what.kind) {
    case 'pool':
      return call(poolOperations.pausePool, poolViewSchema, { params: { agent: what.agent }, body });
    case 'tenant':
      return call(poolOperations.pauseTenant, tenantHoldSchema, {
        params: { tenant: what.tenant },
        body,
      });
    case 'fleet':
      return call(poolOperations.pauseFleet, fleetHoldSchema, { body });
  }
}

/** @param steps growing percentages such as `10,50,100`; undefined for all at once */
export function resume(what: What, steps: string | undefined): Promise<unknown> {
  const query = { steps };
  switch (what.kind) {
    case 'pool':
      return call(poolOperations.resumePool, poolViewSchema, { params: { agent: what.agent }, query });
    case 'tenant':
      return call(poolOperations.resumeTenant, tenantHoldSchema, { params: { tenant: what.tenant }, query });
    case 'fleet':
      return call(poolOperations.resumeFleet, fleetHoldSchema, { query });
  }
}
