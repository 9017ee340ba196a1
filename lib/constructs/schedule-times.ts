import { minutesOf, nextSkipOf, timeOf } from '#core/parse/local-time.ts';
import { MAX_RUNS_LENGTH, checkTime } from '#core/schedules/scheduled-run.ts';
import { timeOfDaySchema } from '#core/schedules/schedule-input.ts';

/** When a schedule's run starts, ends and is checked, in local times. */
export interface ScheduleTimes {
  readonly name: string;
  readonly zone: string;
  readonly at: string;
  readonly watchdog: string;
  readonly by: string;
  readonly flexibleMinutes: number;
  readonly graceMinutes: number;
}

const DAY_MINUTES = 24 * 60;
const MAX_GRACE = 180;

/** The local time at which a pipeline's deadline ends, at most a day after the start. @param deadline in seconds */
export function defaultBy(at: string, deadline: number): string {
  return timeOfDaySchema.safeParse(at).success
    ? timeOf(minutesOf(at) + Math.min(DAY_MINUTES, Math.ceil(deadline / 60)))
    : at;
}

/** Throws an error that names the field and the remedy. */
export function checkSchedule(times: ScheduleTimes, runs: string): void {
  const { name } = times;
  if (!/^[a-z][a-z0-9-]*$/.test(name))
    throw new Error(`The schedule's name ${name} must be lower case with dashes, and begin with a letter.`);
  if (runs.length > MAX_RUNS_LENGTH)
    throw new Error(
      `The runs of the schedule ${name} are called ${runs}-… Shorten its name or the pipeline's: together they have ${runs.length} characters, and may have ${MAX_RUNS_LENGTH}.`,
    );
  for (const field of ['at', 'watchdog', 'by'] as const)
    if (!timeOfDaySchema.safeParse(times[field]).success)
      throw new Error(`The schedule ${name} has ${field} ${times[field]}. Use a time like 22:00.`);
  const { flexibleMinutes, graceMinutes } = times;
  if (flexibleMinutes < 0 || flexibleMinutes > DAY_MINUTES)
    throw new Error(`The schedule ${name} has a window of ${flexibleMinutes} minutes. Use 0 to 1440.`);
  if (!Number.isInteger(graceMinutes) || graceMinutes < 0 || graceMinutes > MAX_GRACE)
    throw new Error(
      `The schedule ${name} has graceMinutes ${graceMinutes}. Use a whole number from 0 to ${MAX_GRACE}.`,
    );
  checkOrder(times);
  checkZone(times);
}

/** A watchdog after the end would start runs that can reach nothing. */
function checkOrder({ name, at, watchdog, by, flexibleMinutes }: ScheduleTimes): void {
  const after = (time: string): number => (minutesOf(time) - minutesOf(at) + DAY_MINUTES) % DAY_MINUTES;
  const [started, ended] = [after(watchdog), after(by) || DAY_MINUTES];
  if (started === 0) throw new Error(`The watchdog of ${name} must come later than ${at}, such as 04:30.`);
  if (started >= ended)
    throw new Error(
      `The schedule ${name} has watchdog ${watchdog}, but its run starts at ${at} and ends by ${by}. Use a watchdog between them, with enough time for a run.`,
    );
  if (flexibleMinutes >= started)
    throw new Error(
      `The schedule ${name} has a window of ${flexibleMinutes} minutes from ${at}, but watchdog ${watchdog} would start the run before its end. Shorten the window, or use a later watchdog.`,
    );
}

/** Scheduler skips a time that does not exist on the day of a change. */
function checkZone({ name, zone, at, watchdog, by, graceMinutes }: ScheduleTimes): void {
  const checked = checkTime({ at, by }, graceMinutes).time;
  const fields = { at, watchdog, by, 'by and graceMinutes, together': checked };
  for (const [field, time] of Object.entries(fields)) {
    const skip = skipOf(name, zone, time);
    if (skip === undefined) continue;
    throw new Error(
      `The schedule ${name} has ${field} ${time} in ${zone}. When the clocks change, on ${skip.date}, they skip from ${skip.from} to ${skip.until}, and Scheduler skips a time that does not exist. Use a time before ${skip.from}, or ${skip.until} and later.`,
    );
  }
}

function skipOf(name: string, zone: string, time: string) {
  try {
    return nextSkipOf(time, zone, Date.now());
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new Error(`The schedule ${name} has the zone ${zone}. Use an IANA time zone like Europe/Berlin.`, {
      cause: error,
    });
  }
}
