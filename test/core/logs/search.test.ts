import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LogSearchTooSlow, searchLogs, type LogPosition } from '#core/logs/search.ts';
import type { KeptLine, LogReader } from '#core/ports/log-reader.ts';
import { inMemoryLogs } from '../../support/fakes/in-memory-logs.ts';

const WITHIN_MS = 1_000;
const line = (group: string, at: number, index: number): KeptLine => ({
  id: `${group}-${index}`,
  at,
  group,
  text: JSON.stringify({ level: 'INFO', message: `event-${index}`, service: group }),
});

/** A clock on which each read takes so many milliseconds. */
function slowly(lines: readonly KeptLine[], pageSize: number, readMs: number) {
  let now = 0;
  const logs = inMemoryLogs(lines, { pageSize, onRead: () => void (now += readMs) });
  return { logs, clock: { elapsed: () => now } };
}

async function idsOf(ports: Parameters<typeof searchLogs>[0], position: LogPosition, limit: number) {
  const ids: string[] = [];
  let next: LogPosition | undefined = position;
  for (let pages = 0; next !== undefined; pages += 1) {
    if (pages > 5_000) throw new Error('The search does not get further.');
    const page = await searchLogs(ports, { filter: {}, position: next, limit, withinMs: WITHIN_MS });
    ids.push(...page.lines.map(({ id }) => id));
    next = page.next;
  }
  return ids;
}

describe('a search of the logs', () => {
  it('1 and 2: returns every line once, in the order of time, however groups and pages are cut', async () => {
    const kept = fc.array(fc.record({ group: fc.constantFrom('a', 'b', 'c'), at: fc.integer({ min: 0, max: 40 }) }), {
      maxLength: 80,
    });
    const cut = { limit: fc.integer({ min: 1, max: 10 }), pageSize: fc.integer({ min: 1, max: 10 }) };
    await fc.assert(
      fc.asyncProperty(
        kept,
        fc.record({ ...cut, readMs: fc.constantFrom(0, 1) }),
        async (given, { limit, pageSize, readMs }) => {
          const lines = given.map(({ group, at }, index) => line(group, at, index));
          const ids = await idsOf(slowly(lines, pageSize, readMs), { from: 0, to: 41, skip: 0 }, limit);
          const times = ids.map((id) => lines.find((each) => each.id === id)?.at ?? -1);
          expect(times).toEqual(times.toSorted((one, other) => one - other));
          expect(ids.toSorted()).toEqual(lines.map(({ id }) => id).toSorted());
        },
      ),
      { seed: 16, numRuns: 200 },
    );
  });

  it('3: searches shorter windows while a read of all of them is too slow', async () => {
    const lines = Array.from({ length: 400 }, (_, index) => line('a', index * 1_000, index));
    // Twenty lines in a second of search: a whole search would take twenty seconds.
    const ports = slowly(lines, 1, 50);
    const found = await idsOf(ports, { from: 0, to: 400_000, skip: 0 }, 500);
    expect(found).toEqual(lines.map(({ id }) => id));
  });

  it('gets further where pages are empty although more lines follow', async () => {
    const windows: number[] = [];
    let now = 0;
    const logs: LogReader = {
      groups: async () => ['a'],
      async read({ from, to }) {
        now += 600;
        windows.push(to - from);
        return to - from > 4_000 ? { lines: [], token: 'more' } : { lines: [] };
      },
    };
    expect(await idsOf({ logs, clock: { elapsed: () => now } }, { from: 0, to: 100_000, skip: 0 }, 10)).toEqual([]);
    expect(Math.min(...windows)).toBeGreaterThanOrEqual(1_000);
  });

  it('rejects a search that is too slow for a second of logs', async () => {
    const logs: LogReader = { groups: async () => ['a'], read: async () => ({ lines: [], token: 'more' }) };
    const search = idsOf({ logs, clock: { elapsed: () => 0 } }, { from: 0, to: 3_600_000, skip: 0 }, 10);
    await expect(search).rejects.toThrow(LogSearchTooSlow);
  });

  it('has no lines where the beginning is not before the end', async () => {
    const ports = slowly([line('a', 5, 0)], 10, 0);
    expect(await idsOf(ports, { from: 5, to: 5, skip: 0 }, 10)).toEqual([]);
  });
});
