import { describe, expect, it } from 'vitest';
import type { RejectedRecord } from '#core/ports/set-aside-store.ts';
import { newSummary, type StreamReport } from '#core/streams/ports.ts';
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

/** @param failures how often a record of each key fails */
function world(failures: Readonly<Record<string, number>>, timeLeftMs = 60_000) {
  const left = new Map(Object.entries(failures));
  const setAside: RejectedRecord[] = [];
  const reports: StreamReport['type'][] = [];
  const waits: number[] = [];
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
        return { failed, summary: newSummary() };
      },
    },
    setAside: { putRecords: async (records: readonly RejectedRecord[]) => void setAside.push(...records) },
    report: ({ type }: StreamReport) => void reports.push(type),
    wait: async (ms: number) => void waits.push(ms),
  };
  const route = (keys: readonly string[]) => routeWholeBatch(ports, keys.map(recordOf), () => timeLeftMs);
  return { setAside, reports, waits, routed, route };
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
  });

  it('I17: comes again as a whole when nothing could be routed: the store is away', async () => {
    const w = world({ a: Infinity, b: Infinity });
    await expect(w.route(['a', 'b'])).rejects.toThrow('All 2 records failed');
    expect(w.setAside).toEqual([]);
  });

  it('has no further attempt without time for it', async () => {
    const w = world({ b: Infinity }, 14_000);
    expect(await w.route(['a', 'b'])).toBe(1);
    expect(w.routed).toHaveLength(1);
  });
});
