import type { ServiceInput, ServiceOutput } from '../service.ts';
import type { Engine } from './engine.ts';
import { meet, nextVersion, type Version } from './replication/version.ts';

/** An item, or what names one: attributes by name, each as DynamoDB's JSON has it. */
type Attributes = Readonly<Record<string, unknown>>;

/** One change under way to another region. */
interface Change {
  readonly key: Attributes;
  /** Null for a deletion. */
  readonly item: Attributes | null;
  readonly version: Version;
}

export interface GlobalTableOptions {
  readonly table: string;
  /** The names of the table's keys: one, or two with a sort key. */
  readonly keys: readonly string[];
  /** The engine of each region, by name. Each has the table already. */
  readonly regions: Readonly<Record<string, Engine>>;
  /** Milliseconds that a change takes from one region to another. Called for each change, so that order is not kept. */
  readonly lagMs: (from: string, to: string) => number;
  /** Calls an action after some milliseconds. @default a timer */
  readonly after?: (ms: number, action: () => void) => void;
  /** Milliseconds since the epoch. @default the system clock */
  readonly now?: () => number;
}

/**
 * A DynamoDB global table with multi-region eventual consistency (MREC) over the engines of several regions.
 * 1. A region answers from its own replica, and judges conditions on it alone.
 * 2. Items are replicated one by one, after a lag of their own: the order between items is not kept, and changes of one item
 *    may be merged.
 * 3. Of two writes that did not know of each other, the later one wins everywhere, and the other is gone. AWS does not
 *    record that anywhere. Here `conflicts` counts it.
 *
 * What is under way is in memory, and lost with the process.
 */
export class GlobalTable {
  readonly #options: GlobalTableOptions;
  readonly #after: (ms: number, action: () => void) => void;
  readonly #now: () => number;
  /** By region, by the text of a key: the version that the replica has. */
  readonly #versions = new Map<string, Map<string, Version>>();
  /** By `from>to`: changes that wait until the connection is back. */
  readonly #held = new Map<string, Change[]>();
  /** By region: its writes so far, one after the other, so that each is read back before the next. */
  readonly #queues = new Map<string, Promise<unknown>>();
  /** How often a replica met two writes that did not know of each other. */
  conflicts = 0;
  #underWay = 0;

  constructor(options: GlobalTableOptions) {
    this.#options = options;
    this.#after = options.after ?? ((ms, action) => void setTimeout(action, ms));
    this.#now = options.now ?? Date.now;
    for (const region of Object.keys(options.regions)) this.#versions.set(region, new Map());
  }

  /** Changes that have not arrived everywhere, without those that wait for a connection. */
  get underWay(): number {
    return this.#underWay;
  }

  /** Runs an action in a region. Throws what the engine throws. */
  run(region: string, action: string, input: ServiceInput): Promise<ServiceOutput> {
    const keys = this.#keysWritten(action, input);
    if (keys.length === 0) return this.#engine(region).run(action, input);
    return this.#inTurn(region, async () => {
      const output = await this.#engine(region).run(action, input);
      for (const key of keys) await this.#send(region, key);
      return output;
    });
  }

  /** Resolves when everything that arrived in a region so far is stored. */
  async settled(region: string): Promise<void> {
    await this.#queues.get(region);
  }

  /** Stops replication from one region to another until `connect`. */
  cut(from: string, to: string): void {
    const path = `${from}>${to}`;
    if (!this.#held.has(path)) this.#held.set(path, []);
  }

  /** Goes on with what has waited. */
  connect(from: string, to: string): void {
    const waiting = this.#held.get(`${from}>${to}`) ?? [];
    this.#held.delete(`${from}>${to}`);
    for (const change of waiting) this.#replicate(from, to, change);
  }

  /** Loses a region for good: what waits to leave it is gone. */
  lose(region: string): void {
    for (const other of this.#others(region)) {
      this.#held.set(`${region}>${other}`, []);
      this.#held.set(`${other}>${region}`, []);
    }
  }

  /** The keys that an action on this table writes. */
  #keysWritten(action: string, input: ServiceInput): readonly Attributes[] {
    const { table } = this.#options;
    if (action === 'BatchWriteItem') {
      const requests = (input['RequestItems'] ?? {}) as Readonly<Record<string, readonly Attributes[]>>;
      return (requests[table] ?? []).flatMap((request) => {
        const put = request['PutRequest'] as { readonly Item: Attributes } | undefined;
        const remove = request['DeleteRequest'] as { readonly Key: Attributes } | undefined;
        const named = put?.Item ?? remove?.Key;
        return named ? [this.#keyOf(named)] : [];
      });
    }
    if (input['TableName'] !== table) return [];
    if (action === 'PutItem') return [this.#keyOf((input['Item'] ?? {}) as Attributes)];
    if (action === 'UpdateItem' || action === 'DeleteItem') return [this.#keyOf((input['Key'] ?? {}) as Attributes)];
    return [];
  }

  #keyOf(attributes: Attributes): Attributes {
    return Object.fromEntries(this.#options.keys.map((name) => [name, attributes[name]]));
  }

  /** Reads back what a write made of an item, and sends it to the other regions. */
  async #send(region: string, key: Attributes): Promise<void> {
    const item = await this.#read(region, key);
    const before = this.#versions.get(region)?.get(JSON.stringify(key));
    const change: Change = { key, item, version: nextVersion(region, this.#now(), before, {}) };
    this.#versions.get(region)?.set(JSON.stringify(key), change.version);
    for (const other of this.#others(region)) this.#replicate(region, other, change);
  }

  #replicate(from: string, to: string, change: Change): void {
    this.#underWay += 1;
    this.#after(this.#options.lagMs(from, to), () => {
      const held = this.#held.get(`${from}>${to}`);
      held?.push(change);
      const arrived = held ? Promise.resolve() : this.#inTurn(to, () => this.#arrive(to, change));
      void arrived.finally(() => {
        this.#underWay -= 1;
      });
    });
  }

  async #arrive(region: string, { key, item, version }: Change): Promise<void> {
    const versions = this.#versions.get(region);
    const text = JSON.stringify(key);
    const met = meet(versions?.get(text), version);
    if (met.conflict) this.conflicts += 1;
    versions?.set(text, met.version);
    if (!met.wins) return;
    const { table } = this.#options;
    const engine = this.#engine(region);
    if (item) await engine.run('PutItem', { TableName: table, Item: item });
    else await engine.run('DeleteItem', { TableName: table, Key: key });
  }

  async #read(region: string, key: Attributes): Promise<Attributes | null> {
    const input = { TableName: this.#options.table, Key: key, ConsistentRead: true };
    const { Item } = (await this.#engine(region).run('GetItem', input)) as { readonly Item?: Attributes };
    return Item ?? null;
  }

  #inTurn<Result>(region: string, action: () => Promise<Result>): Promise<Result> {
    const before = this.#queues.get(region) ?? Promise.resolve();
    const result = before.then(action);
    this.#queues.set(
      region,
      result.catch(() => undefined),
    );
    return result;
  }

  #engine(region: string): Engine {
    const engine = this.#options.regions[region];
    if (!engine) throw new Error(`Region ${region} has no replica of ${this.#options.table}.`);
    return engine;
  }

  #others(region: string): readonly string[] {
    return Object.keys(this.#options.regions).filter((other) => other !== region);
  }
}
