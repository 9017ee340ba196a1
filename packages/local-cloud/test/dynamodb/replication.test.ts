import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { openEngine, type Engine } from '../../src/services/dynamodb/engine.ts';
import { temporaryFolder } from '../../testing/serve.ts';

const TABLE = 'state';
const [US, EU, AP] = ['us', 'eu', 'ap'];

/** Replicas in one process. A line is a function call that may be held. */
class Replicas {
  readonly engines = new Map<string, Engine>();
  /** By `from>to`. */
  readonly cut = new Set<string>();
  /** What arrived, by `from>to`. */
  readonly batches = new Map<string, string[]>();

  async open(region: string, folder?: string): Promise<Engine> {
    const engine = openEngine({
      folder,
      account: '1'.repeat(12),
      region,
      replication: {
        here: region,
        others: [US, EU, AP].filter((other) => other !== region),
        lagMs: () => 0,
        leastLagMs: () => 0,
        isCut: (to) => this.cut.has(`${region}>${to}`),
        send: async (to, batch) => {
          const received = await this.engines.get(to)?.replication?.receive(batch);
          if (received === undefined) throw new Error(`${to} is not there.`);
          const path = `${region}>${to}`;
          this.batches.set(path, [...(this.batches.get(path) ?? []), batch]);
          return received;
        },
      },
    });
    this.engines.set(region, engine);
    return engine;
  }

  async close(): Promise<void> {
    for (const engine of this.engines.values()) await engine.close();
  }

  underWay = (): number =>
    [...this.engines.values()].reduce((sum, { replication }) => sum + (replication?.figures.underWay ?? 0), 0);

  conflicts = (): readonly unknown[] =>
    [...this.engines.values()].map(({ replication }) => replication?.figures.conflicts);
}

const createTable = (engine: Engine): Promise<unknown> =>
  engine.run('CreateTable', {
    TableName: TABLE,
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
  });

async function opened(...regions: readonly string[]): Promise<Replicas> {
  const replicas = new Replicas();
  onTestFinished(() => replicas.close());
  for (const region of regions) await createTable(await replicas.open(region));
  for (const region of regions) {
    const others = regions.filter((other) => other !== region);
    await replicas.engines.get(region)?.replication?.add(TABLE, others);
  }
  return replicas;
}

async function put(engine: Engine | undefined, pk: string, value: string): Promise<void> {
  await engine?.run('PutItem', { TableName: TABLE, Item: { pk: { S: pk }, value: { S: value } } });
}

async function read(engine: Engine | undefined, pk: string): Promise<string | undefined> {
  const output = await engine?.run('GetItem', { TableName: TABLE, Key: { pk: { S: pk } } });
  return (output?.['Item'] as { readonly value: { readonly S: string } } | undefined)?.value.S;
}

test('3: of two writes that did not know of each other the later one wins in all regions, in any order of arrival', async () => {
  const replicas = await opened(US, EU, AP);
  const [us, eu, ap] = [US, EU, AP].map((region) => replicas.engines.get(region));
  for (const path of ['us>eu', 'us>ap', 'eu>us', 'eu>ap']) replicas.cut.add(path);
  await put(us, 'a', 'first');
  // Times are milliseconds.
  await expect.poll(() => Date.now()).toBeGreaterThan(Date.now());
  await put(eu, 'a', 'second');
  replicas.cut.delete('eu>ap');
  await expect.poll(() => read(ap, 'a')).toBe('second');
  replicas.cut.clear();
  await expect.poll(replicas.underWay).toBe(0);
  expect([await read(us, 'a'), await read(eu, 'a'), await read(ap, 'a')]).toEqual(['second', 'second', 'second']);
  // 4: once for each replica that meets both.
  expect(replicas.conflicts()).toEqual([1, 1, 1]);
});

test('3: a change that arrives again changes nothing, and is no conflict', async () => {
  const replicas = await opened(US, EU);
  const [us, eu] = [US, EU].map((region) => replicas.engines.get(region));
  await put(us, 'a', 'one');
  await expect.poll(replicas.underWay).toBe(0);
  const [first = ''] = replicas.batches.get('us>eu')?.filter((batch) => batch.includes('one')) ?? [];
  await put(eu, 'a', 'two');
  await eu?.replication?.receive(first);
  expect(await read(eu, 'a')).toBe('two');
  await expect.poll(replicas.underWay).toBe(0);
  expect([await read(us, 'a'), replicas.conflicts()]).toEqual(['two', [0, 0]]);
});

test('a deleted item does not come back when an older change arrives late', async () => {
  const replicas = await opened(US, EU, AP);
  const [us, eu, ap] = [US, EU, AP].map((region) => replicas.engines.get(region));
  replicas.cut.add('us>ap');
  await put(us, 'a', 'one');
  await expect.poll(() => read(eu, 'a')).toBe('one');
  await eu?.run('DeleteItem', { TableName: TABLE, Key: { pk: { S: 'a' } } });
  await expect.poll(() => read(us, 'a')).toBeUndefined();
  replicas.cut.clear();
  await expect.poll(replicas.underWay).toBe(0);
  expect([await read(us, 'a'), await read(eu, 'a'), await read(ap, 'a')]).toEqual([undefined, undefined, undefined]);
  expect(replicas.conflicts()).toEqual([0, 0, 0]);
});

test('changes of an item that waits are merged, and all items arrive', async () => {
  const replicas = await opened(US, EU);
  const [us, eu] = [US, EU].map((region) => replicas.engines.get(region));
  replicas.cut.add('us>eu');
  for (let value = 0; value < 50; value++) await put(us, 'hot', String(value));
  const names = Array.from({ length: 1_200 }, (_, index) => `item ${index}`);
  await Promise.all(names.map((name) => put(us, name, name)));
  expect(us?.replication?.figures.underWay).toBe(1_201);
  replicas.cut.clear();
  await expect.poll(replicas.underWay).toBe(0);
  expect(await read(eu, 'hot')).toBe('49');
  expect(await Promise.all(names.map((name) => read(eu, name)))).toEqual(names);
});

test('a region whose table is not there yet gets the changes later', async () => {
  const replicas = new Replicas();
  onTestFinished(() => replicas.close());
  const [us, eu] = [await replicas.open(US), await replicas.open(EU)];
  await createTable(us);
  await us.replication?.add(TABLE, [EU]);
  await put(us, 'a', 'one');
  await expect.poll(() => us.replication?.figures.underWay).toBe(1);
  await createTable(eu);
  await eu.replication?.add(TABLE, [US]);
  await expect.poll(() => read(eu, 'a')).toBe('one');
});

test('a table that gets replicas sends what it had, and that replaces nothing newer', async () => {
  const replicas = new Replicas();
  onTestFinished(() => replicas.close());
  const folder = temporaryFolder();
  const alone = openEngine({ folder, account: '1'.repeat(12), region: US });
  await createTable(alone);
  await put(alone, 'a', 'from before');
  await put(alone, 'b', 'from before');
  await alone.close();
  const [us, eu] = [await replicas.open(US, folder), await replicas.open(EU)];
  await createTable(eu);
  await eu.replication?.add(TABLE, [US]);
  replicas.cut.add('eu>us');
  await put(eu, 'b', 'newer');
  await us.replication?.add(TABLE, [EU]);
  await expect.poll(() => read(eu, 'a')).toBe('from before');
  replicas.cut.clear();
  await expect.poll(replicas.underWay).toBe(0);
  expect([await read(us, 'b'), await read(eu, 'b')]).toEqual(['newer', 'newer']);
  expect(replicas.conflicts()).toEqual([0, 0]);
});

test('what is written after a restart is sent before anybody says that the table is replicated', async () => {
  const folder = temporaryFolder();
  const replicas = new Replicas();
  onTestFinished(() => replicas.close());
  const [us, eu] = [await replicas.open(US, folder), await replicas.open(EU)];
  for (const engine of [us, eu]) await createTable(engine);
  await us.replication?.add(TABLE, [EU]);
  await eu.replication?.add(TABLE, [US]);
  await us.close();
  await put(await replicas.open(US, folder), 'a', 'one');
  await expect.poll(() => read(eu, 'a')).toBe('one');
});

test('1: an item and the note that it must be sent become visible to other processes together', async () => {
  const replicas = new Replicas();
  onTestFinished(() => replicas.close());
  const folder = temporaryFolder();
  const us = await replicas.open(US, folder);
  await createTable(us);
  await us.replication?.add(TABLE, [EU]);
  const other = new DatabaseSync(join(folder, 'dynamodb.sqlite'), { readOnly: true });
  onTestFinished(() => other.close());
  const rows = (table: string): number =>
    other.prepare(`SELECT key FROM ${table} WHERE key LIKE 'item-%'`).all().length;
  for (let written = 1; written <= 20; written++) {
    const writing = { ended: false };
    const ended = put(us, `item ${written}`, 'value').finally(() => (writing.ended = true));
    while (!writing.ended) {
      expect(rows('entries')).toBe(rows('versions'));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await ended;
    expect(rows('entries')).toBe(written);
  }
});

test('versions are forgotten once all regions have the items, and what comes later is still right', async () => {
  const folder = temporaryFolder();
  const replicas = new Replicas();
  onTestFinished(() => replicas.close());
  const [us, eu] = [await replicas.open(US, folder), await replicas.open(EU)];
  for (const engine of [us, eu]) await createTable(engine);
  await us.replication?.add(TABLE, [EU]);
  await eu.replication?.add(TABLE, [US]);
  await put(us, 'a', 'one');
  await put(us, 'b', 'one');
  await us.run('DeleteItem', { TableName: TABLE, Key: { pk: { S: 'b' } } });
  await expect.poll(replicas.underWay).toBe(0);
  const other = new DatabaseSync(join(folder, 'dynamodb.sqlite'), { readOnly: true });
  onTestFinished(() => other.close());
  const versions = (): unknown => {
    us.replication?.prune();
    return other.prepare('SELECT count(*) AS count FROM versions').get()?.['count'];
  };
  await expect.poll(versions).toBe(0);

  await put(us, 'a', 'two');
  await expect.poll(() => read(eu, 'a')).toBe('two');
  await put(eu, 'a', 'three');
  await expect.poll(() => read(us, 'a')).toBe('three');
  expect(replicas.conflicts()).toEqual([0, 0]);
});

test('a cloud of one region stores no versions', async () => {
  const folder = temporaryFolder();
  const engine = openEngine({ folder, account: '1'.repeat(12), region: US });
  await createTable(engine);
  await put(engine, 'a', 'one');
  await engine.close();
  const database = new DatabaseSync(join(folder, 'dynamodb.sqlite'), { readOnly: true });
  expect(database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all()).toEqual([{ name: 'entries' }]);
  database.close();
});
