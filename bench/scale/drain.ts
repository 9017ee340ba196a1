import type { Limit } from './limits.ts';

/** How long a number of tasks takes, and why. */
export interface Drain {
  /** From the acceptance of all tasks to the end of the last. */
  readonly seconds: number;
  /** What bounds it. */
  readonly first: Limit;
  /** Tasks per second in the long run. */
  readonly perSecond: number;
}

/** Returns how long a limit alone makes `tasks` take. */
export function secondsUnder({ perSecond, burst, perTask, ramp }: Limit, tasks: number): number {
  const units = Math.max(0, tasks * perTask - burst);
  if (ramp === undefined || ramp.first >= perSecond) return units / perSecond;
  // It grows evenly until it is whole: the units of the ramp are the area below it.
  const rampSeconds = (perSecond - ramp.first) / ramp.growth;
  const rampUnits = ((ramp.first + perSecond) / 2) * rampSeconds;
  if (units >= rampUnits) return rampSeconds + (units - rampUnits) / perSecond;
  return (Math.sqrt(ramp.first ** 2 + 2 * ramp.growth * units) - ramp.first) / ramp.growth;
}

/** Tasks per second that a limit allows in the long run. */
export const rateOf = ({ perSecond, perTask }: Limit): number => perSecond / perTask;

/**
 * The tightest limit decides, and the last task takes its own time: no limit waits for another, since tasks are many and
 * independent. @param lastSeconds of one task
 */
export function drain(limits: readonly Limit[], tasks: number, lastSeconds: number): Drain {
  const [first] = byTightness(limits, tasks);
  if (first === undefined) throw new Error('Without a limit there is nothing to drain.');
  return { seconds: secondsUnder(first, tasks) + lastSeconds, first, perSecond: rateOf(first) };
}

/** The limits as a number of tasks meets them: once the first is lifted, the second is the next. */
export const byTightness = (limits: readonly Limit[], tasks: number): readonly Limit[] =>
  limits.toSorted((one, other) => secondsUnder(other, tasks) - secondsUnder(one, tasks));
