import { pausePool as pause, readPool, resumePool as resume, type PoolPorts } from '../../pools/pause.ts';
import type { Pool } from '../../pools/pool.ts';
import type { QueueDepths } from '../../ports/queue-depths.ts';
import { requireAgent, type Caller } from '../http/caller.ts';
import type { AgentCatalogue } from '../fleet/catalogue.ts';
import { inParallel } from '../http/in-parallel.ts';
import type { PoolView } from './messages.ts';
import { notFound } from '../http/problem.ts';

export interface PoolApiPorts extends PoolPorts {
  readonly agents: AgentCatalogue;
  readonly depths: QueueDepths;
}

/** The pool of an agent that there is, and that the key is for. Throws `ApiProblem`. */
export function requirePool(agents: AgentCatalogue, caller: Caller, agent: string): void {
  requireAgent(caller, agent);
  if (!agents.has(agent)) throw notFound('pool', agent);
}

/** The pools of the key's agents. */
export async function listPools(ports: PoolApiPorts, { agents }: Caller): Promise<{ pools: readonly PoolView[] }> {
  const names = [...ports.agents.keys()].filter((name) => agents?.includes(name) ?? true);
  return { pools: await inParallel(names, async (agent) => viewOf(ports, await readPool(ports, agent))) };
}

export async function pausePool(
  ports: PoolApiPorts,
  caller: Caller,
  agent: string,
  why: { readonly reason: string; readonly by: string },
): Promise<PoolView> {
  requirePool(ports.agents, caller, agent);
  return viewOf(ports, await pause(ports, agent, why));
}

export async function resumePool(ports: PoolApiPorts, caller: Caller, agent: string): Promise<PoolView> {
  requirePool(ports.agents, caller, agent);
  return viewOf(ports, await resume(ports, agent));
}

const iso = (ms: number): string => new Date(ms).toISOString();

async function viewOf({ depths }: Pick<PoolApiPorts, 'depths'>, { agent, state }: Pool): Promise<PoolView> {
  const common = { agent, status: state.status, waiting: await depths.of(agent) };
  switch (state.status) {
    case 'active':
      return common;
    case 'paused':
      return { ...common, reason: state.reason, by: state.by, since: iso(state.at) };
    case 'open':
      return { ...common, reason: state.reason, until: iso(state.until) };
    case 'half-open':
      return { ...common, until: iso(state.probe.until) };
    case 'resuming':
      return { ...common, since: iso(state.since) };
  }
}
