import { beforeEach, describe, expect, it } from 'vitest';
import { noteCanary } from '#adapters/dynamodb/regions/canaries.ts';
import type { EdgeMarks } from '#core/ports/edge-marks.ts';
import { MADE_BY_FLEET } from '#core/regions/edge-marks.ts';
import type { RegionIndex } from '#core/regions/epoch.ts';
import { markLost } from '#functions/mark-lost-regions/mark-lost.ts';
import { threeRegions } from '../adapters/dynamodb/regions/three-regions.ts';

const [US, EU, AP] = [0, 1, 2] as const;
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

/** Each region works, and the home of the second one is held by the third. */
beforeEach(async () => {
  store = new Store();
  epoch += 16;
  now += 10 * MINUTE_MS;
  for (const region of [US, EU, AP]) await works(region);
  await at().hold(US, US, epoch);
  await at().hold(EU, AP, epoch + AP);
});

describe('a region that does no work', () => {
  beforeEach(() => {
    now += MINUTE_MS;
  });

  it('is marked by the one that holds its home, and by no other', async () => {
    expect(await mark(US)).toEqual({ lost: [], back: [] });
    expect(await mark(AP)).toEqual({ lost: ['eu'], back: [] });
    expect([...store.marks]).toEqual([['eu', MADE_BY_FLEET]]);
  });

  it('needs no further request while nothing changes', async () => {
    for (const region of [US, AP]) await mark(region);
    const before = store.requests;
    for (const region of [US, AP, US, AP]) expect(await mark(region)).toEqual({ lost: [], back: [] });
    expect(store.requests).toBe(before);
  });

  it('is marked no longer once it works again', async () => {
    await mark(AP);
    await works(EU);
    expect(await mark(AP)).toEqual({ lost: [], back: ['eu'] });
    expect(store.marks.size).toBe(0);
  });

  it('removes its mark itself when it has its home back, whoever made it', async () => {
    await mark(AP);
    await works(EU);
    await at().hold(EU, EU, epoch + 16 + EU);
    expect(await mark(EU)).toEqual({ lost: [], back: ['eu'] });
    expect(store.marks.size).toBe(0);
  });

  it('is marked in the next minute if another region wrote the store meanwhile', async () => {
    const late: EdgeMarks = {
      read: () => store.read(),
      write: async (version, change) => {
        store.version += 1;
        return store.write(version, change);
      },
    };
    expect(await mark(AP, late)).toEqual({ lost: [], back: [] });
    expect(await mark(AP)).toEqual({ lost: ['eu'], back: [] });
  });

  it('is tried again in the next minute if the store cannot be reached', async () => {
    const away: EdgeMarks = { read: () => Promise.reject(new Error('away')), write: () => Promise.resolve('conflict') };
    await expect(mark(AP, away)).rejects.toThrow('away');
    expect(await mark(AP)).toEqual({ lost: ['eu'], back: [] });
  });
});

it('a region that was drained, or is back without its home, works and is not marked', async () => {
  expect(await mark(AP)).toEqual({ lost: [], back: [] });
  expect(store.marks.size).toBe(0);
});

it('a mark that people made stays', async () => {
  store.marks.set('us', 'maintenance').set('eu', '1');
  for (const region of [US, AP]) expect(await mark(region)).toEqual({ lost: [], back: [] });
  expect([...store.marks]).toEqual([
    ['us', 'maintenance'],
    ['eu', '1'],
  ]);
});
