import { Cron } from 'croner';
import { ServiceError } from '../service.ts';
import { wallClock } from './wall-clock.ts';

/** The times at which a schedule fires. */
export interface Timing {
  /** Returns the first time after `time` (ms since 1970) at which it fires, or undefined if it never fires again. */
  next(time: number): number | undefined;
}

const RATE_UNITS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * Parses `rate(5 minutes)`, `cron(0 7 * * ? *)` or `at(2026-11-30T07:00:00)` as EventBridge defines them. A rate counts
 * from `from`. Throws `ValidationException` for anything else.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export function timing(expression: string, timezone: string, from: number): Timing {
  const [, kind, body = ''] = /^(rate|cron|at)\((.*)\)$/.exec(expression.trim()) ?? [];
  try {
    if (kind === 'rate') return rate(body, from);
    if (kind === 'cron') return calendar(cronerPattern(body), timezone);
    if (kind === 'at') return calendar(body, timezone);
  } catch (error) {
    throw invalid(expression, error instanceof Error ? error.message : String(error));
  }
  throw invalid(expression, 'it must be rate(…), cron(…) or at(…)');
}

function rate(body: string, from: number): Timing {
  const [, value = '', unit = ''] = /^(\d+) (minute|hour|day)s?$/.exec(body.trim()) ?? [];
  const period = Number(value) * (RATE_UNITS[unit] ?? 0);
  if (period === 0) throw new Error('a rate must be a number above 0 followed by minutes, hours or days');
  return { next: (time) => from + (Math.floor(Math.max(0, time - from) / period) + 1) * period };
}

/**
 * The pattern is matched against the clock on the wall, as EventBridge Scheduler does: a local time that the clock skips in
 * spring does not fire, and one that it shows twice in autumn fires the first time only.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
function calendar(pattern: string, timezone: string): Timing {
  const cron = new Cron(pattern, { timezone: 'UTC', paused: true });
  const clock = wallClock(timezone);
  return {
    next: (time) => {
      let wall: number | undefined = clock.at(time);
      while (wall !== undefined) {
        wall = cron.nextRun(new Date(wall))?.getTime();
        const instant = wall === undefined ? undefined : clock.firstInstant(wall);
        if (instant !== undefined && instant > time) return instant;
      }
      return undefined;
    },
  };
}

/**
 * Converts EventBridge's six fields (minutes … year, weekdays from SUN = 1) to croner's seven (seconds first, weekdays from
 * SUN = 0). Exactly one of the two day fields must be `?`.
 */
export function cronerPattern(body: string): string {
  const fields = body.trim().split(/\s+/);
  const [minute, hour, day, month, weekday, year] = fields;
  if (fields.length !== 6 || day === undefined || weekday === undefined)
    throw new Error('a cron expression must have six fields');
  if ((day === '?') === (weekday === '?')) throw new Error('exactly one of day-of-month and day-of-week must be ?');
  const [minutes, hours, days, months] = [steps(minute, 59), steps(hour, 23), steps(day, 31), steps(month, 12)];
  const weekdays = weekday === '?' ? '*' : cronerWeekday(steps(weekday, 7));
  return ['0', minutes, hours, days.replace('?', '*'), months, weekdays, year].join(' ');
}

/** Converts `5/15` (every 15th from 5) to a range, which croner requires. */
function steps(field = '*', last: number): string {
  return field
    .split(',')
    .map((part) => part.replace(/^(\d+)\//, `$1-${last}/`))
    .join(',');
}

/** Converts `2-6` to `1-5`, `6L` (last Friday) to `5#L` and `3#2` to `2#2`. A number after `#` or `/` is not a weekday. */
function cronerWeekday(field: string): string {
  return field
    .split(',')
    .map((part) => part.replace(/^(\d|[A-Z]{3})L$/, '$1#L').replaceAll(/(?<![#/\d])\d/g, (n) => String(Number(n) - 1)))
    .join(',');
}

function invalid(expression: string, reason: string): ServiceError {
  return new ServiceError('ValidationException', `Invalid Schedule Expression ${expression}: ${reason}.`);
}
