import type { Task } from '../tasks/task.ts';
import type { PoolPorts } from './pause.ts';
import { probe } from './breaker.ts';
import { changePool } from './change.ts';
import { heldByFleet } from './holds.ts';
import { FLEET, type Pool } from './pool.ts';

/**
 * Whether a claimed task of the pool may run; if not, one sentence for a person.
 * @param first called before the task is made the probe of its pool @default nothing
 */
export async function mayRun(
  ports: PoolPorts,
  { agent, id: taskId, tenant }: Pick<Task, 'agent' | 'id' | 'tenant'>,
  first: () => Promise<void> = async () => undefined,
): Promise<{ readonly heldUp: string } | null> {
  const [seen, fleet] = await Promise.all([ports.pools.view(agent), ports.pools.view(FLEET)]);
  if (heldByFleet(fleet, tenant) !== null) {
    // A task that waits for a pause that is over would wait for the sweeper, and a view may be seconds old.
    const held = heldByFleet(await ports.pools.get(FLEET), tenant);
    if (held !== null) return { heldUp: held };
  }
  if (!seen || isOpenTo(seen, taskId)) return null;
  await first();
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
  if (state.status === 'paused') return `Pool ${agent} was paused by ${state.by}: ${state.reason}`;
  return `The circuit breaker of pool ${agent} is open because too many model calls failed.`;
}
