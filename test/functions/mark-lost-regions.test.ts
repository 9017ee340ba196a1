import { beforeEach, describe, expect, it } from 'vitest';
import { noteCanary } from '#adapters/dynamodb/regions/canaries.ts';
import type { RegionalClients } from '#adapters/dynamodb/regions/regional-clients.ts';
import type { EdgeMarks } from '#core/ports/edge-marks.ts';
import { MADE_BY_FLEET } from '#core/regions/edge-marks.ts';
import type { RegionIndex } from '#core/regions/epoch.ts';
import { markLost } from '#functions/mark-lost-regions/mark-lost.ts';
import { threeRegions } from '../adapters/dynamodb/regions/three-regions.ts';

const [US, EU, AP] = [0, 1, 2] as const;
const REGIONS = [US, EU, AP];
const MINUTE_MS = 60_000;

/** A KeyValueStore in memory. Each change makes a new version. */
class Store implements EdgeMarks {
  readonly marks = new Map<string, string>();
  version = 1;
  requests = 0;

  async read() {
    this.requests += 1;
    return { marks: new Map(this.marks), version: String(this.version) };
  }

  async write(version: string, { put, remove }: Parameters<EdgeMarks['write']>[1]) {
    this.requests += 1;
    if (version !== String(this.version)) return 'conflict' as const;
    this.version += 1;
    for (const [name, value] of put) this.marks.set(name, value);
    for (const name of remove) this.marks.delete(name);
    return 'written' as const;
  }
}

const at = threeRegions();
let store: Store;
let epoch = 0;
let now = Date.now();

const mark = (region: RegionIndex, marks: EdgeMarks = store) =>
  markLost({ ...at().parts(region), store: marks, now: () => now });
const works = (region: RegionIndex) => {
  const { regions, clients } = at().parts(region);
  return noteCanary(regions, clients, now);
};

/** Some minutes later. Only these regions have worked meanwhile. */
async function later(working: readonly RegionIndex[], minutes = 1): Promise<void> {
  now += minutes * MINUTE_MS;
  for (const region of working) await works(region);
}

/** Looks twice, a minute apart. Returns what the second look changed; the first one changes nothing. */
async function markTwice(region: RegionIndex, working: readonly RegionIndex[]) {
  expect(await mark(region)).toEqual(NOTHING);
  await later(working);
  return mark(region);
}

const NOTHING = { lost: [], back: [] };

/** Each region works, and the home of the second one is held by the third. */
beforeEach(async () => {
  store = new Store();
  epoch += 16;
  await later([US, EU, AP], 10);
  await at().hold(US, US, epoch);
  await at().hold(EU, AP, epoch + AP);
});

describe('a region that does no work', () => {
  beforeEach(() => later([US, AP]));

  it('is marked by the one that holds its home, and by no other', async () => {
    expect(await markTwice(US, [US, AP])).toEqual(NOTHING);
    expect(await markTwice(AP, [US, AP])).toEqual({ lost: ['eu'], back: [] });
    expect([...store.marks]).toEqual([['eu', MADE_BY_FLEET]]);
  });

  it('is not marked for one look, and two looks at once are one', async () => {
    for (let nth = 0; nth < 2; nth += 1) expect(await mark(AP)).toEqual(NOTHING);
    await later([US, EU, AP]);
    expect(await mark(AP)).toEqual(NOTHING);
    await later([US, AP]);
    expect(await mark(AP)).toEqual(NOTHING);
    expect([store.marks.size, store.requests]).toEqual([0, 0]);
  });

  it('needs no further request for an hour while nothing changes', async () => {
    for (const region of [US, AP]) await markTwice(region, [US, AP]);
    const before = store.requests;
    for (const minutes of [1, 28, 29]) {
      await later([US, AP], minutes);
      for (const region of [US, AP]) expect(await mark(region)).toEqual(NOTHING);
    }
    expect(store.requests).toBe(before);
    await later([US, AP], 2);
    for (const region of [US, AP]) expect(await mark(region)).toEqual(NOTHING);
    expect(store.requests).toBe(before + 2);
  });

  it('is marked no longer once it works again', async () => {
    await markTwice(AP, [US, AP]);
    await works(EU);
    expect(await markTwice(AP, REGIONS)).toEqual({ lost: [], back: ['eu'] });
    expect(store.marks.size).toBe(0);
  });

  it('removes its mark itself when it has its home back, whoever made it', async () => {
    await markTwice(AP, [US, AP]);
    await works(EU);
    await at().hold(EU, EU, epoch + 16 + EU);
    expect(await markTwice(EU, REGIONS)).toEqual({ lost: [], back: ['eu'] });
    expect(store.marks.size).toBe(0);
  });

  it('is neither marked nor marked no longer by one that does no work itself', async () => {
    await later([US]);
    expect(await markTwice(AP, [US])).toEqual(NOTHING);
    await later([US, AP]);
    await markTwice(AP, [US, AP]);
    expect(store.marks.size).toBe(1);
    await later([], 70);
    expect(await markTwice(AP, [])).toEqual(NOTHING);
    expect(store.marks.size).toBe(1);
  });

  it('is marked within a minute after people remove their mark, and within an hour after they remove ours', async () => {
    store.marks.set('eu', 'maintenance');
    expect(await markTwice(AP, [US, AP])).toEqual(NOTHING);
    store.marks.delete('eu');
    await later([US, AP]);
    expect(await mark(AP)).toEqual({ lost: ['eu'], back: [] });
    store.marks.delete('eu');
    await later([US, AP], 60);
    expect(await mark(AP)).toEqual({ lost: ['eu'], back: [] });
  });

  it('is marked in the next minute if another region wrote the store meanwhile', async () => {
    const late: EdgeMarks = {
      read: () => store.read(),
      write: async (version, change) => {
        store.version += 1;
        return store.write(version, change);
      },
    };
    await mark(AP);
    await later([US, AP]);
    expect(await mark(AP, late)).toEqual(NOTHING);
    expect(await mark(AP)).toEqual({ lost: ['eu'], back: [] });
  });

  it('is tried again in the next minute if the store cannot be reached', async () => {
    const away: EdgeMarks = { read: () => Promise.reject(new Error('away')), write: () => Promise.resolve('conflict') };
    await mark(AP);
    await later([US, AP]);
    await expect(mark(AP, away)).rejects.toThrow('away');
    expect(await mark(AP)).toEqual({ lost: ['eu'], back: [] });
  });
});

it('a region whose table does not answer is lost', async () => {
  const parts = at().parts(AP);
  const gone = Object.assign(new Error('gone'), { code: 'ECONNREFUSED' });
  const marking = () => markLost({ ...parts, clients: answering(parts.clients, gone), store, now: () => now });
  expect(await marking()).toEqual(NOTHING);
  await later([US, AP]);
  expect(await marking()).toEqual({ lost: ['eu'], back: [] });
});

const denied = Object.assign(new Error('AccessDenied'), { $metadata: { httpStatusCode: 400 } });

it('a region whose table may not be read is not marked, and the function fails', async () => {
  const parts = at().parts(AP);
  const marking = () => markLost({ ...parts, clients: answering(parts.clients, denied), store, now: () => now });
  for (let nth = 0; nth < 3; nth += 1) {
    expect(await marking()).toEqual({ ...NOTHING, problem: denied });
    await later([US, AP]);
  }
  expect([store.marks.size, store.requests]).toEqual([0, 0]);
});

it('a region that may not be looked at holds up no other, whose home is held here as well', async () => {
  await at().hold(US, AP, epoch + 32 + AP);
  const parts = at().parts(AP);
  const marking = () => markLost({ ...parts, clients: answering(parts.clients, denied), store, now: () => now });
  await later([AP]);
  expect(await marking()).toEqual({ ...NOTHING, problem: denied });
  await later([AP]);
  expect(await marking()).toEqual({ lost: ['us'], back: [], problem: denied });
  expect([...store.marks]).toEqual([['us', MADE_BY_FLEET]]);
});

it('a mark that a late request made is removed within an hour', async () => {
  expect(await markTwice(AP, REGIONS)).toEqual(NOTHING);
  store.marks.set('eu', MADE_BY_FLEET);
  await later(REGIONS);
  expect(await mark(AP)).toEqual(NOTHING);
  await later(REGIONS, 59);
  expect(await mark(AP)).toEqual({ lost: [], back: ['eu'] });
});

it('a region that was drained, or is back without its home, works and is not marked', async () => {
  expect(await markTwice(AP, REGIONS)).toEqual(NOTHING);
  expect(store.marks.size).toBe(0);
});

it('a mark that people made stays', async () => {
  store.marks.set('us', 'maintenance').set('eu', '1');
  for (const region of [US, AP]) expect(await markTwice(region, REGIONS)).toEqual(NOTHING);
  expect([...store.marks]).toEqual([
    ['us', 'maintenance'],
    ['eu', '1'],
  ]);
});

/** Clients of all regions, of which that of the second one fails. */
const answering =
  (clients: RegionalClients, error: Error): RegionalClients =>
  (region) =>
    region === EU
      ? Object.assign(Object.create(clients(region)), { send: () => Promise.reject(error) })
      : clients(region);
