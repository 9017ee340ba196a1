import type { PoolPorts } from './pause.ts';
import { probe } from './breaker.ts';
import { changePool } from './change.ts';
import type { Pool } from './pool.ts';

/** Whether a claimed task of the pool may take its turn; if not, one sentence for a person. */
export async function mayRun(
  ports: PoolPorts,
  agent: string,
  taskId: string,
): Promise<{ readonly heldUp: string } | null> {
  const seen = await ports.pools.view(agent);
  if (!seen || isOpenTo(seen, taskId)) return null;
  const pool = await changePool(ports.pools, agent, (current) =>
    isOpenTo(current, taskId) ? null : probe(current, taskId, ports.clock.now()),
  );
  return isOpenTo(pool, taskId) ? null : { heldUp: heldUpBy(pool) };
}

function isOpenTo({ state }: Pool, taskId: string): boolean {
  if (state.status === 'half-open') return state.probe.taskId === taskId;
  return state.status === 'active' || state.status === 'resuming';
}

function heldUpBy({ agent, state }: Pool): string {
  if (state.status === 'paused') return `The pool of ${agent} is paused by ${state.by}: ${state.reason}`;
  return `The breaker of ${agent} is open, since too many of its model calls failed.`;
}
