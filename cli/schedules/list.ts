import { SFNClient } from '@aws-sdk/client-sfn';
import { timing } from '@agent-fleet/local-cloud/timing';
import { localTime } from '#core/parse/local-time.ts';
import { table } from '../terminal/table.ts';
import { readSchedules, type FoundSchedule, type Part } from './find.ts';
import { dailyTime, lastRun, type LastRun } from './last-run.ts';
import { command, type Answer, type SchedulesPlace } from './place.ts';

export type ScheduleState = 'running' | 'paused' | 'partly paused';

/** One EventBridge schedule. */
interface ListedPart {
  /** Its name for Scheduler's API. */
  readonly name: string;
  /** What it does for its schedule. Absent: it is the whole schedule. */
  readonly occasion?: string;
  readonly state: ScheduleState;
  /** `rate(…)`, `cron(…)` or `at(…)`. */
  readonly expression: string;
  /** An IANA time zone. */
  readonly timezone: string;
  /** The next time, in ISO 8601. A rate has none, since it counts from its last start, which AWS does not tell. */
  readonly next?: string;
  /** The same in its time zone, such as `2026-11-28 22:00`. */
  readonly nextLocal?: string;
}

/** One schedule, as `--json` prints it: what its main part is, and all of its parts. */
export interface ListedSchedule extends Omit<ListedPart, 'occasion'> {
  /** ARN of what it starts. */
  readonly target: string;
  readonly description?: string;
  /** Of a schedule that starts runs of a pipeline: the run of the last night. */
  readonly last?: LastRun;
  readonly parts: readonly ListedPart[];
}

/** `fleet schedules list` */
export async function listSchedules(place: SchedulesPlace, now: number): Promise<Answer> {
  const found = await readSchedules(place);
  const sfn = new SFNClient(place.client);
  try {
    const schedules: ListedSchedule[] = [];
    for (const schedule of found) schedules.push(listed(schedule, await lastRun(sfn, schedule, now), now));
    return { value: { schedules }, text: shown(place, schedules) };
  } finally {
    sfn.destroy();
  }
}

function listed(schedule: FoundSchedule, last: LastRun | undefined, now: number): ListedSchedule {
  const { Target, Description: description } = schedule.main.definition;
  const { occasion: _, ...main } = partOf(schedule.main, now);
  return {
    ...main,
    name: schedule.name,
    state: stateOf(schedule.parts),
    target: Target?.Arn ?? '',
    ...(description !== undefined && { description }),
    ...(last !== undefined && { last }),
    parts: schedule.parts.map((part) => partOf(part, now)),
  };
}

function stateOf(parts: readonly Part[]): ScheduleState {
  const paused = parts.filter(({ definition }) => definition.State === 'DISABLED').length;
  if (paused === 0) return 'running';
  return paused === parts.length ? 'paused' : 'partly paused';
}

function partOf(part: Part, now: number): ListedPart {
  const { name, input, definition } = part;
  const { ScheduleExpression: expression = '', ScheduleExpressionTimezone: timezone = 'UTC' } = definition;
  const state = stateOf([part]);
  const next =
    state === 'paused' || expression.startsWith('rate') ? undefined : timing(expression, timezone, now).next(now);
  return {
    name,
    ...(input !== undefined && { occasion: input.occasion }),
    state,
    expression,
    timezone,
    ...(next !== undefined && { next: new Date(next).toISOString(), nextLocal: wall(next, timezone) }),
  };
}

function wall(instant: number, zone: string): string {
  const { date, time } = localTime(instant, zone);
  return `${date} ${time}`;
}

const COLUMNS = [
  { name: 'name' },
  { name: 'state' },
  { name: 'when' },
  { name: 'next' },
  { name: 'last run' },
  { name: 'what', flexible: true },
] as const;

function shown(place: SchedulesPlace, schedules: readonly ListedSchedule[]): string {
  if (schedules.length === 0) return 'No schedules.';
  const rows = table(COLUMNS, schedules.map(row), process.stdout.columns);
  return [rows, ...schedules.flatMap((each) => advice(place, each)), ...hint(schedules)].join('\n');
}

/** What runs every minute is not what somebody looks for who has set up a night. */
function hint(schedules: readonly ListedSchedule[]): string[] {
  const startsRuns = schedules.some(({ parts }) => parts.some(({ occasion }) => occasion !== undefined));
  return startsRuns
    ? []
    : [
        'None of them starts runs: the deployed configuration has no such schedule. docs/deploy.md says how to add one.',
      ];
}

function row(schedule: ListedSchedule): string[] {
  const { name, state, expression, timezone, nextLocal = '', last, target, description } = schedule;
  const when = dailyTime(expression) ?? expression;
  const zoned = timezone === 'UTC' && when === expression ? when : `${when} ${timezone}`;
  return [name, state, zoned, nextLocal, last === undefined ? '' : outcome(last, timezone), description ?? target];
}

function outcome({ date, status, startedAt, endedAt, error }: LastRun, zone: string): string {
  const at = endedAt ?? startedAt;
  const time =
    at === undefined ? '' : ` ${status === 'running' ? 'since' : 'at'} ${localTime(Date.parse(at), zone).time}`;
  return `${date} ${status}${time}${error === undefined ? '' : `: ${error}`}`;
}

/** What to do about a night without results, and about a pause. */
function advice(place: SchedulesPlace, schedule: ListedSchedule): string[] {
  const { name, state, last } = schedule;
  const lines: string[] = [];
  if (state !== 'running') lines.push(`${name} is ${state}. Resume it: ${command(place, `resume ${name}`)}`);
  if (last?.status === 'unknown') lines.push(`${name}: to see its runs you need states:DescribeExecution.`);
  if (last !== undefined && last.status in OUTCOMES) lines.push(`${name}: ${afterNight(place, schedule, last)}`);
  return lines;
}

function afterNight(place: SchedulesPlace, schedule: ListedSchedule, last: LastRun): string {
  const { status, date, runId } = last;
  const what = `The run of ${date} has ${OUTCOMES[status]}.`;
  const why = status === 'not-started' ? '' : ` See why: npm run fleet -- runs ${runId}.`;
  const comes = watchdogOf(schedule, last);
  const next =
    comes === undefined
      ? `Start one by hand: ${command(place, `run-now ${schedule.name}`)}`
      : `The watchdog starts ${status === 'not-started' ? 'it' : 'it once more'} at ${comes}.`;
  return `${what}${why} ${next}`;
}

/** When the watchdog starts a run for the last night. Undefined: not any more. */
function watchdogOf({ parts }: ListedSchedule, { status, isRescue }: LastRun): string | undefined {
  if (isRescue || status === 'cancelled') return undefined;
  const [watchdog, due] = ['watchdog', 'due'].map((each) => parts.find(({ occasion }) => occasion === each));
  const comes = watchdog?.next !== undefined && due?.next !== undefined && watchdog.next < due.next;
  return comes ? watchdog.nextLocal : undefined;
}

const OUTCOMES: Readonly<Record<string, string>> = {
  failed: 'failed',
  'timed-out': 'timed out',
  cancelled: 'been cancelled',
  'not-started': 'not started',
};
