import { describe, expect, it } from 'vitest';
import type { RejectedRecord } from '#core/ports/set-aside-store.ts';
import { newSummary, type StreamReport } from '#core/streams/ports.ts';
import { RESERVE_MS } from '#core/streams/route.ts';
import { routeWholeBatch } from '#core/streams/whole-batch.ts';
import type { SourceRecord } from '#core/streams/source-record.ts';

const recordOf = (key: string, index: number): SourceRecord => ({
  stream: 'topic',
  partition: 'topic-0',
  position: String(index),
  key,
  bytes: new Uint8Array(),
  arrivedAt: 0,
});

/**
 * @param failures how often a record of each key fails
 * @param innocent keys of records that had no time, or no room in an outbox
 */
function world(failures: Readonly<Record<string, number>>, innocent: readonly string[] = [], timeLeftMs = 60_000) {
  const left = new Map(Object.entries(failures));
  const setAside: RejectedRecord[] = [];
  const reports: StreamReport['type'][] = [];
  const waits: number[] = [];
  const rejectedAt: number[] = [];
  const routed: string[][] = [];
  const ports = {
    router: {
      async route(records: readonly SourceRecord[]) {
        routed.push(records.map(({ key }) => key));
        const failed = records.filter(({ key }) => {
          const more = left.get(key) ?? 0;
          left.set(key, more - 1);
          return more > 0;
        });
        const notYet = failed.filter(({ key }) => innocent.includes(key));
        return { failed, notYet, summary: newSummary() };
      },
    },
    setAside: { putRecords: async (records: readonly RejectedRecord[]) => void setAside.push(...records) },
    report: ({ type }: StreamReport) => void reports.push(type),
    wait: async (ms: number) => void waits.push(ms),
    app: { rejected: (times: readonly number[]) => void rejectedAt.push(...times) },
  };
  const route = (keys: readonly string[]) => routeWholeBatch(ports, keys.map(recordOf), () => timeLeftMs);
  return { setAside, reports, waits, routed, route, rejectedAt };
}

describe('a batch of a mapping without partial responses', () => {
  it('is routed once when all goes well', async () => {
    const w = world({});
    expect(await w.route(['a', 'b'])).toBe(0);
    expect(w.routed).toEqual([['a', 'b']]);
  });

  it('has what failed tried again, by itself, after growing waits', async () => {
    const w = world({ b: 2 });
    expect(await w.route(['a', 'b', 'c'])).toBe(0);
    expect(w.routed).toEqual([['a', 'b', 'c'], ['b'], ['b']]);
    expect(w.waits).toEqual([200, 800]);
    expect(w.setAside).toEqual([]);
  });

  it('I19: has what always fails set aside with a reason, and goes on', async () => {
    const w = world({ b: Infinity });
    expect(await w.route(['a', 'b', 'c'])).toBe(1);
    expect(w.setAside).toMatchObject([{ record: { key: 'b', position: '1' }, reason: 'not-routed' }]);
    expect(w.reports).toEqual(['record.rejected']);
    expect(w.rejectedAt).toHaveLength(1);
  });

  it('I17: comes again as a whole when nothing could be routed: the store is away', async () => {
    const w = world({ a: Infinity, b: Infinity });
    await expect(w.route(['a', 'b'])).rejects.toThrow('All 2 records failed');
    expect(w.setAside).toEqual([]);
  });

  it.each([
    ['a record that was never tried, for want of time or of room', ['b']],
    ['such a record beside a broken one', ['b', 'c']],
  ])('I17: comes again for %s, and sets none aside', async (_, failing) => {
    const w = world(Object.fromEntries(failing.map((key) => [key, Infinity])), ['b']);
    await expect(w.route(['a', 'b', 'c'])).rejects.toThrow('1 records had no time or no room in an outbox');
    expect([w.setAside, w.reports]).toEqual([[], []]);
  });

  it('is routed where an outbox has room again', async () => {
    const w = world({ b: 3 }, ['b']);
    expect(await w.route(['a', 'b'])).toBe(0);
  });

  it('I17: comes again without time for a further attempt, in which the router would try nothing', async () => {
    const w = world({ b: Infinity }, [], RESERVE_MS);
    await expect(w.route(['a', 'b'])).rejects.toThrow('No time is left to try 1 records again');
    expect([w.setAside, w.routed.length]).toEqual([[], 1]);
  });
});
