import type { PoolView } from '#core/api/pools/messages.ts';
import type { TaskView } from '#core/api/tasks/messages.ts';
import type { ApiClient } from '../api/client.ts';
import { readPools } from '../read-pools.ts';
import { clock } from '../terminal/format.ts';
import type { Output } from '../terminal/output.ts';

/** The pause between two lines about the same pool. */
const EVERY_MS = 10_000;

/** Returns a listener that says why a task is still queued, at most every ten seconds per pool. */
export function sayWhyQueued(api: ApiClient, output: Output): (task: TaskView) => Promise<void> {
  const saidAt = new Map<string, number>();
  return async ({ status, agent }) => {
    if (status !== 'queued' || performance.now() - (saidAt.get(agent) ?? -Infinity) < EVERY_MS) return;
    saidAt.set(agent, performance.now());
    // A fleet under load may not answer; the task itself is still watched.
    const pools = await readPools(api).catch(() => []);
    const pool = pools.find((each) => each.agent === agent);
    if (pool !== undefined) output.line(`${clock()}  still queued: ${whyQueued(pool)}`);
  };
}

/** Says what keeps a queued task of a pool from running. */
export function whyQueued({ agent, status, reason = '', by, tasks }: PoolView): string {
  if (status === 'paused') return `the pool ${agent} is paused by ${by}: ${reason}`;
  if (status === 'open' || status === 'half-open') return `the circuit breaker of the pool ${agent} is open: ${reason}`;
  if (tasks === undefined) return `the pool ${agent} is ${status}`;
  const { running, queued, complete } = tasks;
  const more = complete ? '' : '+';
  if (running === 0) return `no worker of the pool ${agent} has started yet; ${queued}${more} of its tasks are queued`;
  return `${running}${more} tasks of the pool ${agent} are running and ${queued}${more} are queued; it starts when workers are free`;
}
