import { setTimeout as delay } from 'node:timers/promises';
import { FleetClient, FleetError } from '#client/index.ts';
import type { RunningRegion } from '../registry.ts';
import { endOf, type Books, type Entry } from './books.ts';
import { farFetch } from './far-fetch.ts';
import type { PlannedTask } from './plan.ts';

export interface CallersOptions {
  readonly regions: readonly RunningRegion[];
  readonly key: string;
  readonly books: Books;
  readonly signal: AbortSignal;
}

const AGENT = 'assistant';
/**
 * What a task may cost at most. A takeover charges what the lost region may have spent, which is a quarter of it or what one
 * call may cost, so a budget of one call would be used up.
 */
export const BUDGET_USD = 0.5;
/** A caller comes back for its answer after this long. Most tasks have ended then. */
const RETURNS_AFTER_MS = 2_500;
/** Reads of one continent at once. None waits in a function here: a caller asks again after a second. */
const WAITS_AT_ONCE = 8;

/** The address of each region's API. Throws if one was never up. */
export function addressesOf(regions: readonly RunningRegion[]) {
  const all = regions.map(({ name, region, api }) => {
    if (api === null) throw new Error(`Region ${name} was never up.`);
    return { name, region, url: api.url };
  });
  const [first, ...others] = all;
  if (first === undefined) throw new Error('There is no region.');
  return [first, ...others] as const;
}

/** A client on the continent of a region, as a customer would use it. */
export function clientNear(near: string, { regions, key }: Pick<CallersOptions, 'regions' | 'key'>): FleetClient {
  const addresses = addressesOf(regions);
  const from = addresses.find(({ name }) => name === near)?.region ?? near;
  return new FleetClient({ regions: addresses, near, key, fetch: farFetch(from, addresses) });
}

/** Requests at once, in each region, before the load: as many as its callers have under way when nothing is wrong. */
const WARM_AT_ONCE = 4;

/** Has each region do some tasks at once, so that its functions have started: a fleet that is in use has no cold ones. */
export async function warmUp({ regions, key }: Pick<CallersOptions, 'regions' | 'key'>): Promise<void> {
  const doOne = async (client: FleetClient): Promise<void> => {
    const { id } = await client.submit({ agent: AGENT, instruction: 'What is 6 times 7?' });
    await client.wait(id);
  };
  const clients = regions.map(({ name }) => clientNear(name, { regions, key }));
  await Promise.all(clients.flatMap((client) => Array.from({ length: WARM_AT_ONCE }, () => doOne(client))));
}

/** Submits all planned tasks at their times and waits for their ends. Resolves when every caller has done both. */
export async function runCallers(tasks: readonly PlannedTask[], options: CallersOptions): Promise<void> {
  const { books, signal } = options;
  const startedAt = Date.now();
  const continents = new Map(options.regions.map(({ name }) => [name, new Continent(name, options)]));
  const underWay: Promise<void>[] = [];
  for (const task of tasks) {
    await delay(Math.max(0, startedAt + task.atMs - Date.now()), undefined, { signal }).catch(() => undefined);
    if (signal.aborted) break;
    const continent = continents.get(task.near);
    if (continent !== undefined) underWay.push(continent.handle(books.open(task)));
  }
  await Promise.all(underWay);
}

/** The callers of one continent. They share connections, and what the client knows of regions. */
class Continent {
  readonly #client: FleetClient;
  readonly #signal: AbortSignal;
  #waits = 0;
  readonly #queue: (() => void)[] = [];

  constructor(near: string, options: CallersOptions) {
    this.#client = clientNear(near, options);
    this.#signal = options.signal;
  }

  async handle(entry: Entry): Promise<void> {
    await this.#noting(entry, async () => {
      const { instruction, nth } = entry.task;
      const budget = { usd: BUDGET_USD };
      const { id } = await this.#client.submit({ agent: AGENT, instruction, budget, metadata: { nth: String(nth) } });
      entry.acceptedAt = Date.now();
      entry.id = id;
    });
    const { id } = entry;
    if (id === undefined) return;
    await delay(RETURNS_AFTER_MS, undefined, { signal: this.#signal }).catch(() => undefined);
    await this.#inTurn(() =>
      this.#noting(entry, async () => {
        const task = await this.#client.wait(id, { signal: this.#signal });
        entry.endedAt = Date.now();
        entry.ends.push(endOf(task, 'caller'));
      }),
    );
  }

  async #noting(entry: Entry, act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      if (this.#signal.aborted) return;
      if (!(error instanceof FleetError)) throw error;
      entry.failures.push(`${error.status} ${error.kind}: ${error.message}`);
    }
  }

  async #inTurn(act: () => Promise<void>): Promise<void> {
    if (this.#waits >= WAITS_AT_ONCE) await new Promise<void>((resolve) => this.#queue.push(resolve));
    else this.#waits += 1;
    try {
      await act();
    } finally {
      const next = this.#queue.shift();
      if (next === undefined) this.#waits -= 1;
      else next();
    }
  }
}
