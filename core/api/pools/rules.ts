import { pausePool as pause, readPool, resumePool as resume } from '../../pools/pause.ts';
import type { Pool } from '../../pools/pool.ts';
import type { TaskStore } from '../../ports/task-store.ts';
import type { QueueDepths } from '../../ports/queue-depths.ts';
import { requireAgent, type Caller } from '../http/caller.ts';
import type { AgentCatalogue } from '../fleet/catalogue.ts';
import { unlessUnreadable } from '../../stored/record.ts';
import { inParallel } from '../../concurrency/in-parallel.ts';
import { countTasks } from './count-tasks.ts';
import { inEachRegion, type EachRegionPorts } from './each-region.ts';
import { concurrencyOf, holdView, rampOf, readHolds } from './holds.ts';
import type { PoolList, PoolView, ResumeQuery } from './messages.ts';
import { notFound } from '../http/problem.ts';

export interface PoolApiPorts extends EachRegionPorts {
  readonly agents: AgentCatalogue;
  readonly depths: QueueDepths;
}

/** Throws `ApiProblem` unless the pool exists and the key may use its agent. */
export function requirePool(agents: AgentCatalogue, caller: Caller, agent: string): void {
  requireAgent(caller, agent);
  if (!agents.has(agent)) throw notFound('pool', agent);
}

/** Returns the pools of the agents that the key may use, with their tasks counted if that is wanted, and what holds all of them. */
export async function listPools(
  ports: PoolApiPorts & { readonly store: TaskStore },
  caller: Caller,
  isCounted: boolean,
): Promise<PoolList> {
  const names = [...ports.agents.keys()].filter((name) => caller.agents?.includes(name) ?? true);
  const pools = await inParallel(names, async (agent) => {
    const pool = await unlessUnreadable(readPool(ports, agent), null);
    if (!pool) return [];
    const view = await viewOf(ports, pool);
    return isCounted ? { ...view, tasks: await countTasks(ports.store, agent) } : view;
  });
  return { pools: pools.flat(), ...(await readHolds(ports, caller)) };
}

/** Pauses a pool, for every tenant. Pausing it again replaces the reason. Throws `ApiProblem`. */
export async function pausePool(
  ports: PoolApiPorts,
  caller: Caller,
  agent: string,
  why: { readonly reason: string; readonly by: string },
): Promise<PoolView> {
  requirePool(ports.agents, caller, agent);
  return viewOf(ports, await inEachRegion(ports, (region) => pause(region, agent, why)));
}

/** Resumes a pool that is paused or whose circuit breaker is open. Throws `ApiProblem`. */
export async function resumePool(
  ports: PoolApiPorts,
  caller: Caller,
  agent: string,
  query: ResumeQuery,
): Promise<PoolView> {
  requirePool(ports.agents, caller, agent);
  const of = { [agent]: concurrencyOf(ports.agents, agent) };
  const ramp = rampOf(query, of, ports.clock.now());
  return viewOf(ports, await inEachRegion(ports, (region) => resume(region, agent, ramp)));
}

async function viewOf({ depths, clock }: Pick<PoolApiPorts, 'depths' | 'clock'>, pool: Pool): Promise<PoolView> {
  const { agent } = pool;
  return { agent, ...holdView(pool, agent, clock.now()), waiting: await depths.of(agent) };
}
