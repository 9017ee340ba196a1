import { holdOf } from '../pools/holds.ts';
import type { Hold, Pool } from '../pools/pool.ts';
import { limitAt } from '../pools/ramp.ts';
import type { Task } from '../tasks/task.ts';
import { command, counted, errorsOf } from './commands.ts';
import type { Around, Why } from './explanation.ts';

/** Why a task may not start: the fleet or its tenant is paused, or its pool. Null if nothing holds it. */
export function whyHeld({ tenant }: Pick<Task, 'tenant'>, { fleet, pool }: Around): Omit<Why, 'ahead'> | null {
  if (!fleet) return heldPool(pool);
  return (
    pausedBy(fleet, 'the fleet', command('resume', '--all')) ??
    pausedBy(holdOf(fleet, tenant), `the tenant ${tenant}`, command('resume', '--tenant', tenant)) ??
    heldPool(pool)
  );
}

function pausedBy({ state }: Hold, what: string, resume: string): Omit<Why, 'ahead'> | null {
  if (state.status !== 'paused') return null;
  const says = `${state.by} paused ${what}: ${state.reason}`;
  return { cause: 'paused', since: state.at, freedBy: 'person', says, commands: [resume] };
}

/** Why a task waits whose pool, or the fleet, resumes in steps. Null if it does not. */
export function inStep({ agent }: Pick<Task, 'agent'>, { fleet, pool, now }: Around): Omit<Why, 'ahead'> | null {
  const steps = [pool, fleet].flatMap((hold) => {
    const until = hold?.ramp?.steps.find((step) => now < step.until)?.until;
    const limit = limitAt(hold?.ramp, agent, now);
    return until === undefined || limit === Infinity ? [] : [{ limit, until }];
  });
  const [step] = steps.toSorted((one, other) => one.limit - other.limit);
  if (step === undefined) return null;
  const most = counted(step.limit, 'task');
  const says = `The pool ${agent} resumes in steps and runs at most ${most} at once for now. Each task that ends lets the next one start.`;
  return { until: step.until, freedBy: 'task', says, commands: [command('pools'), command('resume', agent)] };
}

/** Why a pool starts no task. Null for a pool that works. */
function heldPool({ agent, state }: Pool): Omit<Why, 'ahead'> | null {
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
