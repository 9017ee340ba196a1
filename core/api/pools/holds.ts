import { pauseTenant as pauseIt, resumeTenant as resumeIt } from '../../pools/holds.ts';
import { pausePool, readPool, resumePool, type PoolPorts, type Why } from '../../pools/pause.ts';
import { FLEET, type Hold } from '../../pools/pool.ts';
import { ANY_AGENT, limitAt, newRamp, type Ramp } from '../../pools/ramp.ts';
import type { Limits } from '../../ports/limits.ts';
import type { AgentCatalogue } from '../fleet/catalogue.ts';
import type { Caller } from '../http/caller.ts';
import { ApiProblem } from '../http/problem.ts';
import { inEachRegion, type EachRegionPorts } from './each-region.ts';
import type { HoldView, PoolList, ResumeQuery, TenantHold } from './messages.ts';

export interface HoldPorts extends EachRegionPorts {
  readonly agents: AgentCatalogue;
}

/** A pool whose number of workers is decided at the deploy counts as one of this many. */
const USUAL_CONCURRENCY = 5;

/** Tasks that the pool of an agent works on at once. */
export const concurrencyOf = (agents: AgentCatalogue, agent: string): number =>
  agents.get(agent)?.concurrency ?? USUAL_CONCURRENCY;

/** The steps of a resume; undefined for one that has none. */
export const rampOf = ({ steps, minutes }: ResumeQuery, of: Ramp['of'], now: number): Ramp | undefined =>
  steps === undefined ? undefined : newRamp(of, steps, minutes * 60_000, now);

/** Pauses all pools. Throws `ApiProblem` for a key of some agents. */
export async function pauseFleet(ports: HoldPorts, caller: Caller, why: Why): Promise<HoldView> {
  requireEveryAgent(caller);
  const hold = await inEachRegion(ports, (region) => pausePool(region, FLEET, why));
  return holdView(hold, FLEET, ports.clock.now());
}

/** Resumes the fleet. Pools that are paused themselves stay so. Throws `ApiProblem`. */
export async function resumeFleet(ports: HoldPorts, caller: Caller, query: ResumeQuery): Promise<HoldView> {
  requireEveryAgent(caller);
  const now = ports.clock.now();
  const of = Object.fromEntries([...ports.agents.keys()].map((agent) => [agent, concurrencyOf(ports.agents, agent)]));
  const ramp = rampOf(query, of, now);
  return holdView(await inEachRegion(ports, (region) => resumePool(region, FLEET, ramp)), FLEET, now);
}

/** Pauses a tenant in all pools. Throws `ApiProblem`. */
export async function pauseTenant(ports: HoldPorts, caller: Caller, tenant: string, why: Why): Promise<TenantHold> {
  requireEveryAgent(caller);
  const hold = await inEachRegion(ports, (region) => pauseIt(region, tenant, why));
  return { tenant, ...holdView(hold, ANY_AGENT, ports.clock.now()) };
}

/** Resumes a tenant. Its steps are shares of its own limit, or of all workers. Throws `ApiProblem`. */
export async function resumeTenant(
  ports: HoldPorts & { readonly limits: Pick<Limits, 'ofTenant'> },
  caller: Caller,
  tenant: string,
  query: ResumeQuery,
): Promise<TenantHold> {
  requireEveryAgent(caller);
  const now = ports.clock.now();
  const all = [...ports.agents.keys()].reduce((sum, agent) => sum + concurrencyOf(ports.agents, agent), 0);
  const { concurrent = Math.max(1, all) } = await ports.limits.ofTenant(tenant);
  const ramp = rampOf(query, { [ANY_AGENT]: concurrent }, now);
  const hold = await inEachRegion(ports, (region) => resumeIt(region, tenant, ramp));
  return { tenant, ...holdView(hold, ANY_AGENT, now) };
}

/** What holds the fleet, and the tenants that the key may know of (I8). */
export async function readHolds(
  ports: PoolPorts,
  { tenant: own, scopes }: Caller,
): Promise<Pick<PoolList, 'fleet' | 'tenants'>> {
  const now = ports.clock.now();
  const fleet = await readPool(ports, FLEET);
  const known = Object.entries(fleet.tenants ?? {}).filter(([name]) => name === own || scopes.includes('fleet'));
  return {
    fleet: holdView(fleet, FLEET, now),
    tenants: known.map(([tenant, hold]) => ({ tenant, ...holdView(hold, ANY_AGENT, now) })),
  };
}

function requireEveryAgent({ agents }: Caller): void {
  if (agents === null) return;
  throw new ApiProblem('not-allowed', 'The key may use some agents only, and this holds the tasks of all.', [
    { field: 'Authorization', message: 'is limited to some agents', remedy: 'Use a key without an agent restriction.' },
  ]);
}

const iso = (ms: number): string => new Date(ms).toISOString();

/** What holds tasks, as the API shows it. @param agent whose limits the steps show */
export function holdView({ state, ramp }: Hold, agent: string, now: number): HoldView {
  const steps = stepsLeft(ramp, agent, now);
  return { ...stateView(state), ...(steps.length > 0 && { steps }) };
}

function stateView(state: Hold['state']): HoldView {
  const { status } = state;
  switch (status) {
    case 'active':
      return { status };
    case 'paused':
      return { status, reason: state.reason, by: state.by, since: iso(state.at) };
    case 'open':
      return { status, reason: state.reason, until: iso(state.until) };
    case 'half-open':
      return { status, until: iso(state.probe.until) };
    case 'resuming':
      return { status, since: iso(state.since) };
  }
}

function stepsLeft(ramp: Ramp | undefined, agent: string, now: number): NonNullable<HoldView['steps']> {
  const left = ramp?.steps.filter(({ until }) => now < until) ?? [];
  return left.map(({ percent, until }) => {
    const limit = limitAt(ramp, agent, until - 1);
    return { percent, ...(limit !== Infinity && { limit }), until: iso(until) };
  });
}
