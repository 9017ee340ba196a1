import {
  GetScheduleCommand,
  paginateListSchedules,
  type GetScheduleCommandOutput,
  type ScheduleSummary,
} from '@aws-sdk/client-scheduler';
import { timing } from '@agent-fleet/local-cloud/timing';
import { table } from '../terminal/table.ts';
import { wrongUsage } from '../user-error.ts';
import type { Answer, SchedulesPlace } from './place.ts';

/** One schedule, as `--json` prints it. */
export interface ListedSchedule {
  readonly name: string;
  readonly state: 'running' | 'paused';
  /** `rate(…)`, `cron(…)` or `at(…)`. */
  readonly expression: string;
  /** An IANA time zone. */
  readonly timezone: string;
  /** The next time, in ISO 8601. A rate has none, since it counts from its last start, which AWS does not tell. */
  readonly next?: string;
  /** ARN of what it starts. */
  readonly target: string;
  readonly description?: string;
}

/** `fleet schedules list` */
export async function listSchedules(place: SchedulesPlace, now: number): Promise<Answer> {
  const schedules: ListedSchedule[] = [];
  const pages = paginateListSchedules({ client: place.scheduler }, { NamePrefix: namePrefix(place) });
  for await (const { Schedules = [] } of pages) {
    // In series: Scheduler's API throttles, and a fleet has few schedules.
    for (const summary of Schedules) schedules.push(await read(place, summary, now));
  }
  const text = schedules.length === 0 ? 'No schedules.' : table(COLUMNS, schedules.map(row), process.stdout.columns);
  return { value: { schedules }, text };
}

/**
 * The name of the schedule that the user means: a whole name, or a part that only one name has, since CloudFormation's names
 * have 64 characters. Throws wrong usage for a part of several names. AWS rejects a name that does not exist.
 */
export async function findSchedule(place: SchedulesPlace, typed: string): Promise<string> {
  const names: string[] = [];
  const pages = paginateListSchedules({ client: place.scheduler }, { NamePrefix: namePrefix(place) });
  for await (const { Schedules = [] } of pages) names.push(...Schedules.flatMap(({ Name = [] }) => Name));
  if (names.includes(typed)) return typed;
  const matching = names.filter((name) => name.toLowerCase().includes(typed.toLowerCase()));
  if (matching.length < 2) return matching[0] ?? typed;
  throw wrongUsage(
    `"${typed}" is a part of ${matching.length} names: ${matching.join(', ')}.`,
    'Type more of the name.',
  );
}

/** Undefined lists all schedules; a prefix ends before the dash, so that fleet-dev does not find fleet-development. */
const namePrefix = ({ prefix }: SchedulesPlace): string | undefined => (prefix === '' ? undefined : `${prefix}-`);

async function read(place: SchedulesPlace, { Name, GroupName }: ScheduleSummary, now: number): Promise<ListedSchedule> {
  return listed(await place.scheduler.send(new GetScheduleCommand({ Name, GroupName })), now);
}

function listed(found: GetScheduleCommandOutput, now: number): ListedSchedule {
  const { Name: name = '', ScheduleExpression: expression = '', ScheduleExpressionTimezone: timezone = 'UTC' } = found;
  const paused = found.State === 'DISABLED';
  const next = paused || expression.startsWith('rate') ? undefined : nextTime(expression, timezone, now);
  return {
    name,
    state: paused ? 'paused' : 'running',
    expression,
    timezone,
    ...(next !== undefined && { next }),
    target: found.Target?.Arn ?? '',
    ...(found.Description !== undefined && { description: found.Description }),
  };
}

function nextTime(expression: string, timezone: string, now: number): string | undefined {
  const next = timing(expression, timezone, now).next(now);
  return next === undefined ? undefined : new Date(next).toISOString();
}

const COLUMNS = [
  { name: 'name' },
  { name: 'state' },
  { name: 'when' },
  { name: 'next' },
  { name: 'what', flexible: true },
] as const;

const row = ({ name, state, expression, timezone, next = '', target, description }: ListedSchedule): string[] => [
  name,
  state,
  timezone === 'UTC' ? expression : `${expression} ${timezone}`,
  next.slice(0, 16),
  description ?? target,
];
