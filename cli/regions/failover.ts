import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { DRAIN_KEY } from '#adapters/dynamodb/regions/homes-table.ts';
import { ApiClient } from '../api/client.ts';
import { taskPageSchema } from '#core/api/tasks/messages.ts';
import { homeOfTask } from '#core/regions/home.ts';
import { taskOperations } from '#core/api/tasks/operations.ts';
import { noAnswer } from '../aws-error.ts';
import { withinLimit } from '../global/silence.ts';
import type { RegionName } from '../global/topology.ts';
import { UserError } from '../user-error.ts';
import { readAllHomes, type RegionApi, type RegionPlaces } from './places.ts';
import { MAJORITY, whyUnfit, type HomesReading } from './reading.ts';
import type { Unreached } from './unreached.ts';

/** What a failover away from a region would hand over. Keys of `--json`. */
export interface FailoverPlan {
  readonly from: string;
  /** Homes that the region holds now. */
  readonly homes: readonly HandedOver[];
  /** Other regions whose tables of leases answer, and reach each other: two are needed. */
  readonly tables: readonly string[];
  /** The other regions that would take nothing over now, and why. */
  readonly unfit: readonly Unreached[];
  /** Whether the others could take the homes over now. */
  readonly possible: boolean;
}

export interface HandedOver {
  readonly home: string;
  readonly epoch: number | null;
  /**
   * In the order in which they may take it over: the first after about 30 s, each further one 10 s later. Those that would
   * take nothing over are left out.
   */
  readonly candidates: readonly string[];
  /** Tasks of this home that have not ended. Null where no task API was asked, or none answered in time. */
  readonly openTasks: OpenTasks | null;
}

export interface OpenTasks {
  readonly count: number;
  /** False if there are more than were counted. */
  readonly complete: boolean;
}

/** Says what a failover would do. Changes nothing. */
export async function planFailover(
  places: RegionPlaces,
  { regions, homes }: HomesReading,
  from: RegionName,
): Promise<FailoverPlan> {
  const names = places.regions.map(({ name }) => name);
  const others = regions.filter(({ name }) => name !== from.name);
  const tables = others.filter(({ problem, cutOff }) => problem === null && !cutOff).map(({ name }) => name);
  const unfit = others.flatMap((region) => {
    const problem = whyUnfit(region, Date.now());
    return problem === null ? [] : [{ region: region.name, problem }];
  });
  const isFit = (name: string): boolean => name !== from.name && !unfit.some(({ region }) => region === name);
  const held = homes.filter(({ holders }) => holders.includes(from.name));
  const answers = ({ region }: RegionApi): boolean =>
    regions.some(({ name, problem, cutOff }) => name === region && problem === null && !cutOff);
  const api = places.apis?.find(answers);
  // What a plan is about must not wait for a count.
  const open = api === undefined ? null : await withinLimit(openTasksByHome(api, names)).catch(() => null);
  return {
    from: from.name,
    homes: held.map(({ home, epoch }) => ({
      home,
      epoch,
      candidates: candidatesFor(home, names).filter(isFit),
      openTasks: open && (open.get(home) ?? { count: 0, complete: true }),
    })),
    tables,
    unfit,
    possible: tables.length >= MAJORITY && unfit.length < others.length,
  };
}

/** The home's own region first, then the others in the fleet's order after it. */
function candidatesFor(home: string, names: readonly string[]): readonly string[] {
  const index = names.indexOf(home);
  return [...names.slice(index), ...names.slice(0, index)];
}

/**
 * Takes a region out of service: its keeper gives up all homes, and takes none over, until `undrain`. Throws a `UserError` if
 * the region does not answer.
 */
export async function drain(places: RegionPlaces, from: RegionName): Promise<void> {
  const Item = { ...DRAIN_KEY, since: { N: String(Date.now()) } };
  await answered(from, places.clientOf(from).send(new PutItemCommand({ TableName: places.table, Item })));
}

/** Puts a region back into service. Throws a `UserError` if it does not answer. */
export async function undrain(places: RegionPlaces, region: RegionName): Promise<void> {
  const command = new DeleteItemCommand({ TableName: places.table, Key: DRAIN_KEY });
  await answered(region, places.clientOf(region).send(command));
}

async function answered({ name }: RegionName, request: Promise<unknown>): Promise<void> {
  try {
    await request;
  } catch (error) {
    const silent = noAnswer(error);
    if (silent === null) throw error;
    throw new UserError(
      `Region ${name} does not answer, so nothing was changed. ${silent.message}`,
      'A region that cannot reach the others either loses its homes to them within a minute, without a failover.',
    );
  }
}

/** What became of the homes that a region gave up. */
export interface HandedOverTo {
  /** By home: the region that holds it now. Null while none does. */
  readonly heldBy: Readonly<Record<string, string | null>>;
  /** Homes that the region holds still, or that no region holds. */
  readonly open: readonly string[];
}

export interface WaitOptions {
  /** How long to wait, in milliseconds. */
  readonly limitMs: number;
  /** Called with what it waits for. */
  readonly about: (text: string) => void;
  /** Resolves after that many milliseconds. */
  readonly delay: (ms: number) => Promise<unknown>;
}

const LOOK_EVERY_MS = 1_000;

/** Waits until other regions hold the homes of a plan, or the time is over. */
export async function waitForHandover(
  places: RegionPlaces,
  { from, homes }: FailoverPlan,
  { limitMs, about, delay }: WaitOptions,
): Promise<HandedOverTo> {
  for (let waitedMs = 0; ; waitedMs += LOOK_EVERY_MS) {
    const read = (await readAllHomes(places)).homes.filter(({ home }) => homes.some((each) => each.home === home));
    const open = read.filter(({ holders }) => holders.length === 0 || holders.includes(from)).map(({ home }) => home);
    const heldBy = Object.fromEntries(read.map(({ home, holders }) => [home, holders[0] ?? null]));
    if (open.length === 0 || waitedMs >= limitMs) return { heldBy, open };
    about(`Waiting until another region holds ${open.join(', ')}: ${waitedMs / 1_000} of at most ${limitMs / 1_000} s`);
    await delay(LOOK_EVERY_MS);
  }
}

const PAGE = 100;
/** More are not counted, so that a full fleet is not read as a whole. */
const MAX_PAGES = 20;
const OPEN = ['queued', 'running', 'parked'] as const;

async function openTasksByHome(
  target: { readonly url: string; readonly key: string },
  names: readonly string[],
): Promise<ReadonlyMap<string, OpenTasks>> {
  const api = new ApiClient(target);
  const counts = new Map<string, number>();
  let complete = true;
  for (const status of OPEN) {
    let cursor: string | undefined;
    for (let page = 0; page === 0 || cursor !== undefined; page += 1) {
      if (page === MAX_PAGES) {
        complete = false;
        break;
      }
      const query = { status, limit: PAGE, cursor };
      const { tasks, next } = await api.call(taskOperations.listTasks, taskPageSchema, { query });
      for (const { id } of tasks) {
        const home = names[homeOfTask(id, names)] ?? '';
        counts.set(home, (counts.get(home) ?? 0) + 1);
      }
      cursor = next;
    }
  }
  return new Map(names.map((name) => [name, { count: counts.get(name) ?? 0, complete }]));
}
