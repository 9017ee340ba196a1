import type { Pool } from '../pools/pool.ts';
import { command, errorsOf } from './commands.ts';
import type { Why } from './explanation.ts';

/** Why a pool starts no task. Null for a pool that works. */
export function heldPool({ agent, state }: Pool): Omit<Why, 'ahead'> | null {
  const resume = command('resume', agent);
  switch (state.status) {
    case 'active':
    case 'resuming':
      return null;
    case 'paused':
      return {
        cause: 'paused',
        since: state.at,
        freedBy: 'person',
        says: `${state.by} paused the pool ${agent}: ${state.reason}`,
        commands: [resume],
      };
    case 'open':
      return {
        cause: 'breaker-open',
        until: state.until,
        freedBy: 'time',
        says: `The circuit breaker of the pool ${agent} is open, because too many model calls failed: ${state.reason}`,
        commands: [errorsOf(agent), resume],
      };
    case 'half-open':
      return {
        cause: 'breaker-open',
        until: state.probe.until,
        freedBy: 'task',
        says: `The circuit breaker of the pool ${agent} lets one task at a time through, to see whether the model answers again.`,
        commands: [errorsOf(agent), resume],
      };
  }
}
