import type { PoolStore } from '../ports/pool-store.ts';
import { changePool } from './change.ts';
import { paused, resumed, type PoolPorts, type Why } from './pause.ts';
import { FLEET, moveTo, type Hold, type Pool } from './pool.ts';
import type { Ramp } from './ramp.ts';

/** A resumed tenant's hold is forgotten after so long. */
const KEPT_MS = 86_400_000;

/** Stops the tasks of a tenant in all pools: what runs goes on to its end, nothing else begins. */
export async function pauseTenant({ pools, clock }: PoolPorts, tenant: string, why: Why): Promise<Hold> {
  return changeTenant(pools, tenant, clock.now(), (hold) => paused(hold, why, clock.now()));
}

/** Lets a tenant's tasks run again, at once or in the steps of a ramp. */
export async function resumeTenant({ pools, clock }: PoolPorts, tenant: string, ramp?: Ramp): Promise<Hold> {
  return changeTenant(pools, tenant, clock.now(), (hold) => resumed(hold, ramp, clock.now()));
}

const RUNS: Hold = { state: { status: 'active' } };

async function changeTenant(
  pools: PoolStore,
  tenant: string,
  now: number,
  rule: (hold: Hold) => Hold | null,
): Promise<Hold> {
  const fleet = await changePool(pools, FLEET, (current) => {
    const next = rule(holdOf(current, tenant));
    return next && moveTo(current, { tenants: { ...recent(current, now), [tenant]: next } });
  });
  return holdOf(fleet, tenant);
}

function recent({ tenants = {} }: Pool, now: number): Pool['tenants'] {
  const isKept = ({ state }: Hold): boolean => state.status !== 'resuming' || now - state.since < KEPT_MS;
  return Object.fromEntries(Object.entries(tenants).filter(([, hold]) => isKept(hold)));
}

/** What holds a tenant's tasks, of the fleet's record. */
export const holdOf = (fleet: Pool | null, tenant: string): Hold => fleet?.tenants?.[tenant] ?? RUNS;

/** Why no task of a tenant may begin, as far as the fleet's record says; null if one may. */
export function heldByFleet(fleet: Pool | null, tenant: string): string | null {
  const held = ({ state }: Hold, what: string): string | null =>
    state.status === 'paused' ? `${what} was paused by ${state.by}: ${state.reason}` : null;
  return (fleet && held(fleet, 'The fleet')) ?? held(holdOf(fleet, tenant), `Tenant ${tenant}`);
}
