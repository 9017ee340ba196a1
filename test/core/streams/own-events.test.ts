import { describe, expect, it } from 'vitest';
import type { CloudEvent } from '#core/streams/cloud-event.ts';
import { OwnEvents } from '#core/streams/own-events.ts';
import { Router } from '#core/streams/route.ts';
import type { SourceRecord } from '#core/streams/source-record.ts';
import { manualClock } from '../../support/fakes/manual-clock.ts';
import { inMemorySetAside, inMemorySubjects } from '../../support/fakes/in-memory-subjects.ts';
import { MEMORY_MS, seenBy, tally, T0 } from './support.ts';

const eventOf = (id: string, amount = 1): CloudEvent => ({
  specversion: '1.0',
  id,
  source: 'router',
  type: 'tally.amount.v1',
  subject: 's-1',
  time: new Date(T0).toISOString(),
  data: { amount },
});

function world() {
  const subjects = inMemorySubjects();
  const setAside = inMemorySetAside();
  const ports = {
    app: tally,
    subjects: subjects.store,
    setAside: setAside.store,
    clock: manualClock(T0),
    report: () => undefined,
    memoryMs: MEMORY_MS,
  };
  const batches: (readonly SourceRecord[])[] = [];
  const router = new Router(ports);
  const route: Router<unknown, unknown, never>['route'] = (records, timeLeftMs) => {
    batches.push(records);
    return router.route(records, timeLeftMs);
  };
  const seen = async () => seenBy((await subjects.store.getMany(['s-1'])).get('s-1') ?? null);
  return { subjects, setAside, batches, seen, own: new OwnEvents({ route }, ports.clock) };
}

describe('own events', () => {
  it('I17: are applied once, however often they are published', async () => {
    const { own, seen } = world();
    await own.publish([eventOf('a'), eventOf('b')]);
    await own.publish([eventOf('b'), eventOf('c')]);
    expect(await seen()).toEqual(['a', 'b', 'c']);
  });

  it('that come at the same time are one batch after the other, so that no two writes of a subject compete', async () => {
    const { own, batches, seen } = world();
    await Promise.all(['a', 'b', 'c', 'd'].map((id) => own.publish([eventOf(id)])));
    expect(batches.map(({ length }) => length).reduce((sum, each) => sum + each)).toBe(4);
    expect(batches.length).toBeLessThan(4);
    expect(await seen()).toEqual(['a', 'b', 'c', 'd']);
  });

  it('that the store does not take are an error for whoever published them, and for nobody after', async () => {
    const { own, subjects, seen } = world();
    subjects.failing = 'write';
    await expect(own.publish([eventOf('a')])).rejects.toThrow('1 of 1 own events could not be applied');
    await own.publish([eventOf('b')]);
    expect(await seen()).toEqual(['b']);
    await own.publish([eventOf('a')]);
    expect(await seen()).toEqual(['b', 'a']);
  });

  it('I19: that are invalid are set aside, each at a place of its own', async () => {
    const { own, setAside, batches } = world();
    await own.publish([{ ...eventOf('a'), type: 'unknown.v1' }]);
    await own.publish([{ ...eventOf('b'), type: 'unknown.v1' }]);
    expect(setAside.records).toMatchObject([{ reason: 'unknown-type' }, { reason: 'unknown-type' }]);
    const places = batches.flat().map(({ partition, position }) => `${partition}/${position}`);
    expect(new Set(places).size).toBe(2);
  });
});
