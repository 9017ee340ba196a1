import { GetScheduleCommand, paginateListSchedules, type GetScheduleCommandOutput } from '@aws-sdk/client-scheduler';
import { readScheduleInput, type ScheduleInput } from '#core/schedules/schedule-input.ts';
import { wrongUsage } from '../user-error.ts';
import type { SchedulesPlace } from './place.ts';

/** An EventBridge schedule. */
export interface Part {
  readonly name: string;
  readonly definition: GetScheduleCommandOutput;
  /** Undefined if it is no part of a `Schedule`. */
  readonly input: ScheduleInput | undefined;
}

/** A schedule, as people see it: the three parts of a `Schedule` are one. */
export interface FoundSchedule {
  /** What commands take as its name. */
  readonly name: string;
  /** What starts: of a `Schedule`, the part that is due. */
  readonly main: Part;
  /** All parts. Of a `Schedule`: those that start its runs, the watchdog first, then the check. */
  readonly parts: readonly [Part, ...Part[]];
}

/** A schedule without its watchdog starts what is paused, so the watchdog is the first to be paused. */
const ORDER = ['watchdog', 'due', 'check', 'by-hand'];

/** All schedules of the fleet: those that start runs first, then by their names. */
export async function readSchedules(place: SchedulesPlace): Promise<readonly FoundSchedule[]> {
  const parts: Part[] = [];
  const pages = paginateListSchedules({ client: place.scheduler }, { NamePrefix: namePrefix(place) });
  for await (const { Schedules = [] } of pages) {
    // In series: Scheduler's API throttles, and a fleet has few schedules.
    for (const { Name = '', GroupName } of Schedules) {
      const definition = await place.scheduler.send(new GetScheduleCommand({ Name, GroupName }));
      parts.push({ name: Name, definition, input: readScheduleInput(definition.Target?.Input ?? '') });
    }
  }
  const groups = Map.groupBy(parts, ({ name, input }) => input?.executions ?? name).values();
  return [...groups].map(grouped).toSorted((a, b) => startsRuns(b) - startsRuns(a) || (a.name < b.name ? -1 : 1));
}

const startsRuns = ({ main }: FoundSchedule): number => (main.input === undefined ? 0 : 1);

function grouped(parts: readonly Part[]): FoundSchedule {
  const sorted = parts.toSorted((a, b) => orderOf(a) - orderOf(b));
  const [first, ...rest] = sorted as [Part, ...Part[]];
  const main = sorted.find(({ input }) => input?.occasion === 'due') ?? first;
  return { name: main.input?.schedule ?? main.name, main, parts: [first, ...rest] };
}

const orderOf = ({ input }: Part): number => ORDER.indexOf(input?.occasion ?? 'due');

/** Undefined lists all schedules; a prefix ends before the dash, so that fleet-dev does not find fleet-development. */
const namePrefix = ({ prefix }: SchedulesPlace): string | undefined => (prefix === '' ? undefined : `${prefix}-`);

/**
 * The schedule that the user means: by its whole name, or by a part of the name that no other schedule has, since
 * CloudFormation's names have 64 characters. Throws wrong usage for any other.
 */
export async function findSchedule(place: SchedulesPlace, typed: string): Promise<FoundSchedule> {
  const schedules = await readSchedules(place);
  const exact = schedules.filter(({ name, parts }) => name === typed || parts.some((part) => part.name === typed));
  const matching = exact.length > 0 ? exact : schedules.filter((schedule) => isPart(schedule, typed.toLowerCase()));
  const [only, ...others] = matching;
  if (only === undefined) throw wrongUsage(`No schedule is called "${typed}".`, 'See npm run fleet -- schedules list.');
  if (others.length === 0) return only;
  const names = matching.map(({ name, main }) => (exact.length > 0 ? main.name : name)).join(', ');
  throw wrongUsage(`"${typed}" is a part of ${matching.length} names: ${names}.`, 'Type more of the name.');
}

const isPart = ({ name, parts }: FoundSchedule, typed: string): boolean =>
  [name, ...parts.map((part) => part.name)].some((each) => each.toLowerCase().includes(typed));
