import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openEngine, type Engine } from '../../src/services/dynamodb/engine.ts';
import { GlobalTable } from '../../src/services/dynamodb/global-table.ts';

const REGIONS = ['us', 'eu', 'ap'] as const;
const TABLE = 'state';

/** Three replicas, and a clock that only the test advances. */
class World {
  readonly engines: Readonly<Record<string, Engine>>;
  readonly table: GlobalTable;
  now = 1_000;
  /** By `from>to`. */
  readonly lags = new Map<string, number>();
  #waiting: { readonly at: number; readonly action: () => void }[] = [];

  constructor() {
    const engines = REGIONS.map((region) => {
      return [region, openEngine({ folder: undefined, account: '1'.repeat(12), region })] as const;
    });
    this.engines = Object.fromEntries(engines);
    this.table = new GlobalTable({
      table: TABLE,
      keys: ['pk', 'sk'],
      regions: this.engines,
      lagMs: (from, to) => this.lags.get(`${from}>${to}`) ?? 500,
      after: (ms, action) => this.#waiting.push({ at: this.now + ms, action }),
      now: () => this.now,
    });
  }

  async create(): Promise<void> {
    const key = ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' }));
    const input = {
      TableName: TABLE,
      AttributeDefinitions: key,
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      BillingMode: 'PAY_PER_REQUEST',
    };
    for (const engine of Object.values(this.engines)) await engine.run('CreateTable', input);
  }

  put(region: string, sk: string, value: string, condition?: string): Promise<unknown> {
    const Item = { pk: { S: 'p' }, sk: { S: sk }, value: { S: value } };
    return this.table.run(region, 'PutItem', {
      TableName: TABLE,
      Item,
      ...(condition === undefined ? {} : { ConditionExpression: condition }),
    });
  }

  async read(region: string, sk = 's'): Promise<string | null> {
    const Key = { pk: { S: 'p' }, sk: { S: sk } };
    const output = await this.table.run(region, 'GetItem', { TableName: TABLE, Key });
    return (output as { Item?: { value: { S: string } } }).Item?.value.S ?? null;
  }

  readAll = (sk = 's'): Promise<readonly (string | null)[]> =>
    Promise.all(REGIONS.map((region) => this.read(region, sk)));

  /** Lets time pass, and what is due arrive. */
  async advance(ms: number): Promise<void> {
    this.now += ms;
    const due = this.#waiting.filter(({ at }) => at <= this.now).sort((a, b) => a.at - b.at);
    this.#waiting = this.#waiting.filter(({ at }) => at > this.now);
    for (const { action } of due) action();
    // A read waits for all writes of its region.
    for (const region of REGIONS) await this.table.settled(region);
  }
}

let world: World;
beforeEach(async () => {
  world = new World();
  await world.create();
});
afterEach(async () => {
  for (const engine of Object.values(world.engines)) await engine.close();
});

describe('a global table', () => {
  it('answers in its region at once, and elsewhere after the lag', async () => {
    world.lags.set('us>ap', 60_000);
    await world.put('us', 's', 'one');
    expect(await world.readAll()).toEqual(['one', null, null]);
    await world.advance(500);
    expect(await world.readAll()).toEqual(['one', 'one', null]);
    await world.advance(60_000);
    expect(await world.readAll()).toEqual(['one', 'one', 'one']);
    expect(world.table).toMatchObject({ conflicts: 0, underWay: 0 });
  });

  it('judges a condition in the region that was asked alone', async () => {
    await world.put('us', 's', 'from us', 'attribute_not_exists(pk)');
    await world.put('eu', 's', 'from eu', 'attribute_not_exists(pk)');
    await expect(world.put('us', 's', 'again', 'attribute_not_exists(pk)')).rejects.toThrow(
      'conditional request failed',
    );
    await world.advance(500);
    await expect(world.put('ap', 's', 'late', 'attribute_not_exists(pk)')).rejects.toThrow(
      'conditional request failed',
    );
  });

  it('lets the last of two writers win everywhere, drops the other and counts it', async () => {
    await world.put('us', 's', 'first');
    await world.advance(10);
    await world.put('eu', 's', 'second');
    await world.advance(500);
    await world.advance(500);
    expect(await world.readAll()).toEqual(['second', 'second', 'second']);
    expect(world.table.conflicts).toBeGreaterThan(0);
  });

  it('counts no conflict where a writer has seen what it replaces, in any order of arrival', async () => {
    world.lags.set('us>ap', 5_000);
    await world.put('us', 's', 'one');
    await world.advance(500);
    await world.put('eu', 's', 'two');
    await world.put('eu', 's', 'three');
    await world.advance(10_000);
    expect(await world.readAll()).toEqual(['three', 'three', 'three']);
    expect(world.table.conflicts).toBe(0);
  });

  it('does not keep the order between items', async () => {
    world.lags.set('us>eu', 5_000);
    await world.put('us', 'step', 'written first');
    world.lags.set('us>eu', 100);
    await world.put('us', 'task', 'names the step');
    await world.advance(100);
    expect([await world.read('eu', 'step'), await world.read('eu', 'task')]).toEqual([null, 'names the step']);
  });

  it('holds changes while regions are cut off in one direction, and replicates them hours later', async () => {
    world.table.cut('us', 'eu');
    await world.put('us', 's', 'from us');
    await world.put('eu', 't', 'from eu');
    await world.advance(3 * 3_600_000);
    expect(await world.readAll('s')).toEqual(['from us', null, 'from us']);
    expect(await world.readAll('t')).toEqual(['from eu', 'from eu', 'from eu']);
    world.table.connect('us', 'eu');
    await world.advance(500);
    expect(await world.readAll('s')).toEqual(['from us', 'from us', 'from us']);
  });

  it('loses with a region what was confirmed there and had not left it', async () => {
    await world.put('us', 's', 'arrives');
    await world.advance(500);
    await world.put('us', 's', 'is lost');
    world.table.lose('us');
    await world.advance(3_600_000);
    expect(await world.readAll()).toEqual(['is lost', 'arrives', 'arrives']);
  });

  it('replicates updates, deletions and batches', async () => {
    const key = { pk: { S: 'p' }, sk: { S: 's' } };
    await world.table.run('us', 'BatchWriteItem', {
      RequestItems: { [TABLE]: [{ PutRequest: { Item: { ...key, value: { S: 'a' } } } }] },
    });
    await world.advance(500);
    expect(await world.readAll()).toEqual(['a', 'a', 'a']);
    const update = {
      TableName: TABLE,
      Key: key,
      UpdateExpression: 'SET #v = :b',
      ExpressionAttributeNames: { '#v': 'value' },
      ExpressionAttributeValues: { ':b': { S: 'b' } },
    };
    await world.table.run('eu', 'UpdateItem', update);
    await world.advance(500);
    expect(await world.readAll()).toEqual(['b', 'b', 'b']);
    await world.table.run('ap', 'DeleteItem', { TableName: TABLE, Key: key });
    await world.advance(500);
    expect(await world.readAll()).toEqual([null, null, null]);
    expect(world.table.conflicts).toBe(0);
  });
});
