import { describe, expect, it } from 'vitest';
import { NO_USE } from '#core/budgets/usage.ts';
import type { UsageStore } from '#core/ports/usage-store.ts';
import { freshId } from './samples.ts';

const USAGE = { input: 1_000, output: 100, cacheRead: 50, cacheWrite: 20 };
const CALL = { ...NO_USE, calls: 1, usage: USAGE, usd: 0.1, savedUsd: -0.000_000_003 };

/** The contract of every store of usage. */
export function usageStoreContract(open: () => UsageStore): void {
  describe('usage', () => {
    it('is summed by tenant, agent, day, model and terminal state', async () => {
      const store = open();
      const key = { tenant: freshId('tenant'), agent: 'analyst', day: '2026-11-23' };
      await store.add(key, { models: { 'claude-haiku-5-5': CALL } });
      await store.add(key, { models: { 'claude-haiku-5-5': CALL, big: { ...NO_USE, calls: 1, lostUsd: 0.5 } } });
      await store.add(key, { ended: { succeeded: 2, failed: 1 } });
      const [row, ...others] = await store.query({ tenant: key.tenant, from: key.day, to: key.day });
      expect(others).toEqual([]);
      const haiku = {
        calls: 2,
        usage: { input: 2_000, output: 200, cacheRead: 100, cacheWrite: 40 },
        usd: 0.2,
        savedUsd: -0.000_000_006,
        lostUsd: 0,
      };
      expect(row).toEqual({
        ...key,
        ...haiku,
        calls: 3,
        lostUsd: 0.5,
        models: { 'claude-haiku-5-5': haiku, big: { ...NO_USE, calls: 1, lostUsd: 0.5 } },
        ended: { succeeded: 2, failed: 1, cancelled: 0, escalated: 0 },
      });
    });

    it('counts what is added at once, also to several rows', async () => {
      const store = open();
      const tenant = freshId('tenant');
      const day = '2026-11-23';
      const add = (agent: string) =>
        store.add({ tenant, agent, day }, { models: { m: CALL }, ended: { succeeded: 1 } });
      await Promise.all(Array.from({ length: 21 }, (_, index) => add(index % 3 === 0 ? 'analyst' : 'scout')));
      await add('scout');
      const rows = await store.query({ tenant, from: day, to: day });
      expect(rows.map(({ agent, calls, ended }) => [agent, calls, ended.succeeded])).toEqual([
        ['analyst', 7, 7],
        ['scout', 15, 15],
      ]);
      expect(rows[1]?.models['m']).toMatchObject({ usd: 1.5, savedUsd: -0.000_000_045 });
    });

    it('counts searches beside tokens, if there were some', async () => {
      const store = open();
      const key = { tenant: freshId('tenant'), agent: 'scout', day: '2026-11-23' };
      const searching = { ...CALL, usage: { ...USAGE, searches: 2 } };
      await store.add(key, { models: { m: searching } });
      await store.add(key, { models: { m: searching, quiet: CALL } });
      const [row] = await store.query({ tenant: key.tenant, from: key.day, to: key.day });
      expect(row?.models['m']?.usage.searches).toBe(4);
      expect(row?.models['quiet']?.usage).toEqual(USAGE);
    });

    it('I8: is returned by day, then agent, for the given days and only this tenant', async () => {
      const store = open();
      const tenant = freshId('tenant');
      const change = { ended: { succeeded: 1 } };
      for (const day of ['2026-11-24', '2026-11-22', '2026-11-23', '2026-11-25']) {
        for (const agent of ['zebra', 'analyst']) await store.add({ tenant, agent, day }, change);
      }
      await store.add({ tenant: freshId('tenant'), agent: 'analyst', day: '2026-11-23' }, change);
      const rows = await store.query({ tenant, from: '2026-11-23', to: '2026-11-24' });
      expect(rows.map(({ day, agent }) => `${day} ${agent}`)).toEqual([
        '2026-11-23 analyst',
        '2026-11-23 zebra',
        '2026-11-24 analyst',
        '2026-11-24 zebra',
      ]);
      expect(await store.query({ tenant, agent: 'zebra', from: '2026-11-25', to: '2026-11-30' })).toHaveLength(1);
    });

    it('loses nothing when several writers add at once', async () => {
      const store = open();
      const key = { tenant: freshId('tenant'), agent: 'analyst', day: '2026-11-23' };
      await Promise.all(Array.from({ length: 25 }, () => store.add(key, { models: { m: CALL } })));
      const [row] = await store.query({ tenant: key.tenant, from: key.day, to: key.day });
      expect(row).toMatchObject({ calls: 25, usd: 2.5, usage: { input: 25_000 } });
    });
  });
}
