import { describe, expect, it } from 'vitest';
import { document, failed, report, STARTED, succeeded, task } from './support.ts';
import { contract } from '../agent/support.ts';

describe('the totals of a report', () => {
  it('count documents, calls, tokens, dollars and reasons', () => {
    const empty = (name: string) => task(name, { state: failed('empty: The file is empty.'), steps: [], spend: FREE });
    const { totals, seconds } = report([
      document('a.pdf', task('a')),
      document('b.pdf', task('b', { steps: [1, 1] })),
      document('c.pdf', empty('c')),
      document('d.pdf', empty('d')),
      document('e.pdf'),
    ]);
    expect(seconds).toBe(12);
    expect(totals).toMatchObject({
      documents: 5,
      succeeded: 2,
      failed: 3,
      modelCalls: 3,
      tokens: { input: 1_800, output: 200, cacheRead: 80, cacheWrite: 0 },
      usd: 0.02,
      failuresByReason: { empty: 2, 'not-processed': 1 },
    });
  });

  it('count the cost of equal bytes under two names once', () => {
    const { totals, documents } = report([document('a.pdf', task('a')), document('copy of a.pdf', task('a'))]);
    expect(documents[1]).toMatchObject({ status: 'succeeded', duplicateOf: 'a.pdf', usd: 0, tokens: { input: 0 } });
    expect(totals).toMatchObject({ documents: 2, succeeded: 2, usd: 0.01, duplicates: 1, modelCalls: 1 });
  });

  it('count no cost for a result from an earlier run', () => {
    const earlier = task('a', { runId: 'winter', state: succeeded(contract(), STARTED - 1) });
    const { totals, documents } = report([document('a.pdf', earlier)]);
    expect(documents[0]).toMatchObject({ status: 'succeeded', reused: true, usd: 0 });
    expect(totals).toMatchObject({ usd: 0, reused: 1, tokens: { input: 0 } });
  });

  it('count the cost of another run’s task that this run waited for', () => {
    const shared = task('a', { runId: 'winter', state: succeeded(contract(), STARTED + 1) });
    expect(report([document('a.pdf', shared)]).totals).toMatchObject({ usd: 0.01, reused: 0 });
  });

  it('have what caching saved, once for a shared task', () => {
    const cached = task('c', { spend: { ...FREE, usd: 0.01, savedUsd: 0.004 } });
    const { totals, documents } = report([document('a.pdf', cached), document('b.pdf', cached)]);
    expect(totals.savedUsd).toBe(0.004);
    expect(documents.map(({ savedUsd }) => savedUsd)).toEqual([0.004, 0]);
  });

  it('have the possible cost of interrupted calls separately', () => {
    const spend = { usage: FREE.usage, usd: 0.01, lost: { tokens: 5_000, usd: 0.07 } };
    expect(report([document('a.pdf', task('a', { spend }))]).totals).toMatchObject({ usd: 0.01, unsettledUsd: 0.07 });
  });

  it('count quotes that were not found', () => {
    const risk = { kind: 'other', severity: 'low', quote: 'made up', page: 1, verified: false } as const;
    const output = { ...contract(), risks: [risk, { ...risk, verified: true }] };
    expect(report([document('a.pdf', task('a', { state: succeeded(output) }))]).totals.unverifiedQuotes).toBe(1);
  });
});

const FREE = { usage: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 }, usd: 0, lost: { tokens: 0, usd: 0 } };
