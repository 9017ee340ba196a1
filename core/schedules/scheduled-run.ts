import { instantOf, localTime, shiftDate } from '../parse/local-time.ts';

/** A run that is due every day. */
export interface DailySchedule {
  /** Begins the names of its executions. */
  readonly name: string;
  /** IANA time zone. */
  readonly zone: string;
  /** Local time at which the run is due, such as `22:00`. */
  readonly at: string;
  /** Local time by which the run ends, on the day when it is due or the next one. */
  readonly by?: string | undefined;
}

export interface ScheduledRun {
  /** Name of the execution. The same for the schedule, its retries and its watchdog, so that only one run starts. */
  readonly name: string;
  /** The local date on which the run is due. */
  readonly date: string;
  /** ISO time at which the run ends with what there is. */
  readonly deadline?: string;
}

/**
 * The run that an occurrence of the schedule or of its watchdog is about: the last one that is due. A call at any other
 * time, such as `fleet schedules run-now`, is a run of its own.
 * @param occasion `due` or `watchdog`
 * @param at the time of the occurrence in milliseconds: the planned one, not that of a retry
 */
export function scheduledRun(schedule: DailySchedule, occasion: 'due' | 'watchdog', at: number): ScheduledRun {
  const { name, zone, by } = schedule;
  const shown = localTime(at, zone);
  const byHand = occasion === 'due' && shown.time !== schedule.at;
  const date = byHand || shown.time >= schedule.at ? shown.date : shiftDate(shown.date, -1);
  const run = { name: `${name}-${date}${byHand ? `-${shown.time.replace(':', '')}` : ''}`, date };
  if (by === undefined) return run;
  const begin = byHand ? shown.time : schedule.at;
  const ends = instantOf({ date: by > begin ? date : shiftDate(date, 1), time: by }, zone);
  return { ...run, deadline: new Date(ends).toISOString() };
}
