import { instantOf, localTime, minutesOf, shiftDate, timeOf } from '../parse/local-time.ts';

/** A run that is due every day. */
export interface DailySchedule {
  /** Begins the names of its executions: the workflow and the schedule, such as `companies-nightly`. */
  readonly runs: string;
  /** IANA time zone. */
  readonly zone: string;
  /** Local time at which the run is due, such as `22:00`. */
  readonly at: string;
  /** Local time by which the run ends, on the day when it is due or the next one. */
  readonly by: string;
}

/**
 * Why a schedule's function is called: the run is due, it may be missing, or a person wants one now
 * (`fleet schedules run-now`).
 */
export type Occasion = 'due' | 'watchdog' | 'by-hand';

export interface ScheduledRun {
  /** Name of the execution. The same for the schedule and its retries, so that only one run starts. */
  readonly name: string;
  /** The local date of the night: that on which its run was due. */
  readonly date: string;
  /** ISO time at which the run ends with what there is. Absent: the pipeline's own deadline holds. */
  readonly deadline?: string;
  /** ISO time at which the results of the night are due, whenever its run starts. */
  readonly due: string;
  /** ISO time at which a watchdog starts it once more, if it has failed by then. Absent: none does. */
  readonly rescueAt?: string;
}

/**
 * The run that a call of the schedule's function is about. It belongs to the last night that is due, and shares the results
 * of that night. A run by hand has a name of its own, and no deadline but the pipeline's. Neither has a run that starts when
 * its deadline has passed, such as after a sleep of the machine: better late than without results.
 * @param schedule with the minutes that a run has after its deadline to write its results, and the local time of its watchdog
 * @param at when it was called, in milliseconds: the planned time, not that of a retry
 * @param now in milliseconds
 */
export function scheduledRun(
  schedule: DailySchedule & { readonly grace: number; readonly watchdog?: string },
  occasion: Occasion,
  at: number,
  now: number,
): ScheduledRun {
  const { runs, zone, grace } = schedule;
  const shown = localTime(at, zone);
  const date = shown.time >= schedule.at ? shown.date : shiftDate(shown.date, -1);
  const checked = checkTime(schedule, grace);
  const due = new Date(instantOf({ date: shiftDate(date, checked.days), time: checked.time }, zone)).toISOString();
  if (occasion === 'by-hand') return { name: `${runs}-now-${compact(at)}`, date, due };
  const run = { name: nameOf(runs, date), date, due, ...(occasion === 'due' && rescueOn(schedule, date)) };
  const ends = instantOf({ date: shiftDate(date, schedule.by > schedule.at ? 0 : 1), time: schedule.by }, zone);
  return ends > now ? { ...run, deadline: new Date(ends).toISOString() } : run;
}

function rescueOn({ at, watchdog, zone }: DailySchedule & { readonly watchdog?: string }, date: string) {
  if (watchdog === undefined) return {};
  const time = instantOf({ date: shiftDate(date, watchdog > at ? 0 : 1), time: watchdog }, zone);
  return { rescueAt: new Date(time).toISOString() };
}

/** Longest `runs`, in characters: names of executions have at most 80, and the longest end is that of a run by hand. */
export const MAX_RUNS_LENGTH = 80 - '-now-20270328T220000Z'.length;

const nameOf = (runs: string, date: string): string => `${runs}-${date}`;

/** The name of the run that a watchdog starts after the night's own one has failed. */
export const rescueOf = (name: string): string => `${name}-2`;

/**
 * The name that a watchdog starts. Null when the night's run goes on, has succeeded, or was stopped by a person (`ABORTED`).
 * A failed run gets one rescue, under a name of its own: Step Functions starts that name once too.
 * @param name of the night's own run
 * @param status of its execution, as Step Functions reports it. Null when it does not exist
 */
export function watchdogStarts(name: string, status: string | null): string | null {
  if (status === null) return name;
  return hasFailed(status) ? rescueOf(name) : null;
}

/** Whether an execution ended without success by itself. @param status as Step Functions reports it */
export const hasFailed = (status: string): boolean => status === 'FAILED' || status === 'TIMED_OUT';

/** `20270328T220000Z` */
const compact = (at: number): string => `${new Date(at).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;

/** When it is checked that the run of a night has succeeded. */
export interface CheckTime {
  /** Local time. */
  readonly time: string;
  /** Days after the date on which the run was due. */
  readonly days: number;
}

/** @param grace minutes that a run has after its deadline to write its results */
export function checkTime({ at, by }: Pick<DailySchedule, 'at' | 'by'>, grace: number): CheckTime {
  const minutes = minutesOf(by) + (by > at ? 0 : DAY_MINUTES) + grace;
  return { time: timeOf(minutes), days: Math.floor(minutes / DAY_MINUTES) };
}

const DAY_MINUTES = 24 * 60;

/**
 * The name of the night's own run that a check is about. Its rescue counts too.
 * @param at the planned time of the check, in milliseconds
 */
export function checkedRun(schedule: DailySchedule, grace: number, at: number): string {
  const { date } = localTime(at, schedule.zone);
  return nameOf(schedule.runs, shiftDate(date, -checkTime(schedule, grace).days));
}
