import { UpdateItemCommand, type AttributeValue, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { addChange, NO_USE, usageRow } from '#core/budgets/usage.ts';
import type { ModelUse, UsageChange, UsageKey, UsageQuery, UsageRow, UsageStore } from '#core/ports/usage-store.ts';
import { dynamodb } from './client.ts';
import type { Item, Table } from './conditional-put.ts';
import { queried } from './queried.ts';
import { usageKey } from './state-table.ts';

export interface DynamodbUsageStoreOptions {
  /** Name of the state table. */
  readonly table: string;
  /** @default the process's shared client */
  readonly client?: DynamoDBClient;
}

/** Days that a row is kept: a year, and one month to look back at it. */
const KEPT_DAYS = 400;

/**
 * Stores usage in the state table: one item per tenant, day and agent, and one attribute per counter, named
 * `<counter>|<model or status>`. One update adds to all counters and creates missing ones. Dollars are integers in
 * billionths.
 */
export function dynamodbUsageStore({ table, client = dynamodb() }: DynamodbUsageStoreOptions): UsageStore {
  const at: Table = { client, table };
  return { add: addingTogether((key, change) => addToRow(at, key, change)), query: (query) => rowsOf(at, query) };
}

async function addToRow({ client, table }: Table, key: UsageKey, change: UsageChange): Promise<void> {
  const counters = Object.entries(countersOf(change)).filter(([, by]) => by !== 0);
  if (counters.length === 0) return;
  const command = new UpdateItemCommand({
    TableName: table,
    Key: keyOf(key),
    UpdateExpression: `ADD ${counters.map((_, index) => `#c${index} :c${index}`).join(', ')} SET expiresAt = :expiresAt`,
    ExpressionAttributeNames: Object.fromEntries(counters.map(([name], index) => [`#c${index}`, name])),
    ExpressionAttributeValues: {
      ...Object.fromEntries(counters.map(([, by], index) => [`:c${index}`, { N: String(by) }])),
      ':expiresAt': { N: String(Date.parse(key.day) / 1_000 + KEPT_DAYS * 86_400) },
    },
  });
  await client.send(command);
}

/**
 * What is added to a row while it is being written waits for that, and is written together. So the tasks of an invocation
 * make few writes of the row that they share, which is the busiest of a pool. An addition rejects when its write fails.
 */
function addingTogether(write: UsageStore['add']): UsageStore['add'] {
  const rows = new Map<string, Row>();
  return async (key, change) => {
    const { pk, sk } = usageKey(key);
    const name = `${pk} ${sk}`;
    const row = rows.get(name) ?? new Row((all) => write(key, all));
    rows.set(name, row);
    try {
      await row.add(change);
    } finally {
      if (row.isIdle) rows.delete(name);
    }
  };
}

class Row {
  readonly #write: (change: UsageChange) => Promise<void>;
  #waiting: { change: UsageChange; readonly written: Promise<void> } | undefined;
  #writing: Promise<void> | undefined;

  constructor(write: (change: UsageChange) => Promise<void>) {
    this.#write = write;
  }

  get isIdle(): boolean {
    return this.#waiting === undefined && this.#writing === undefined;
  }

  add(change: UsageChange): Promise<void> {
    if (this.#waiting) this.#waiting.change = addChange(this.#waiting.change, change);
    else this.#waiting = { change, written: this.#writeWaiting() };
    return this.#waiting.written;
  }

  async #writeWaiting(): Promise<void> {
    await this.#writing?.catch(() => undefined);
    const change = this.#waiting?.change ?? {};
    this.#waiting = undefined;
    this.#writing = this.#write(change);
    await this.#writing.finally(() => (this.#writing = undefined));
  }
}

async function rowsOf(at: Table, { tenant, agent, from, to }: UsageQuery): Promise<readonly UsageRow[]> {
  const changes = new Map<string, UsageChange>();
  const query = {
    KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
    ExpressionAttributeValues: {
      ':pk': { S: usageKey({ tenant, day: from, agent: '' }).pk },
      ':from': { S: from },
      // Sorts after every agent of the last day.
      ':to': { S: `${to}$` },
    },
  };
  for await (const item of queried(at, query)) {
    const key = item['sk']?.S ?? '';
    // In a global fleet each region counts for itself.
    changes.set(key, addChange(changes.get(key) ?? {}, changeOf(item)));
  }
  return [...changes].flatMap(([key, change]) => {
    const [day = '', name = ''] = key.split('#');
    return agent === undefined || agent === name ? [usageRow({ tenant, day, agent: name }, change)] : [];
  });
}

function keyOf(key: UsageKey): Item {
  const { pk, sk } = usageKey(key);
  return { pk: { S: pk }, sk: { S: sk } };
}

const nano = (usd: number): number => Math.round(usd * 1e9);

function countersOf({ models = {}, ended = {} }: UsageChange): Record<string, number> {
  const counters: Record<string, number> = {};
  for (const [model, { calls, usage, usd, savedUsd, lostUsd }] of Object.entries(models)) {
    const counts = {
      calls,
      ...usage,
      searches: usage.searches ?? 0,
      nanoUsd: nano(usd),
      savedNanoUsd: nano(savedUsd),
      lostNanoUsd: nano(lostUsd),
    };
    for (const [counter, by] of Object.entries(counts)) counters[`${counter}|${model}`] = by;
  }
  for (const [status, by] of Object.entries(ended)) counters[`ended|${status}`] = by;
  return counters;
}

/** The meaning of each counter, by the name before the bar. */
const MEANS: Readonly<Record<string, (value: number) => Partial<ModelUse>>> = {
  calls: (calls) => ({ calls }),
  input: (input) => ({ usage: { ...NO_USE.usage, input } }),
  output: (output) => ({ usage: { ...NO_USE.usage, output } }),
  cacheRead: (cacheRead) => ({ usage: { ...NO_USE.usage, cacheRead } }),
  cacheWrite: (cacheWrite) => ({ usage: { ...NO_USE.usage, cacheWrite } }),
  searches: (searches) => ({ usage: { ...NO_USE.usage, searches } }),
  nanoUsd: (value) => ({ usd: value / 1e9 }),
  savedNanoUsd: (value) => ({ savedUsd: value / 1e9 }),
  lostNanoUsd: (value) => ({ lostUsd: value / 1e9 }),
};

const changeOf = (item: Item): UsageChange =>
  Object.entries(item).reduce<UsageChange>((sum, counter) => addChange(sum, changeBy(counter)), {});

function changeBy([name, value]: [string, AttributeValue]): UsageChange {
  const bar = name.indexOf('|');
  const [counter, of, count] = [name.slice(0, bar), name.slice(bar + 1), Number(value.N ?? 0)];
  if (bar < 0) return {};
  if (counter === 'ended') return { ended: { [of]: count } };
  const use = MEANS[counter]?.(count);
  return use === undefined ? {} : { models: { [of]: { ...NO_USE, ...use } } };
}
