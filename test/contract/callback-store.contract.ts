import { describe, expect, it } from 'vitest';
import type { CallbackStore } from '#core/ports/callback-store.ts';
import { collect, freshId, NOW, sampleCallback } from './samples.ts';

/** The contract of every store of parked callbacks. */
export function callbackStoreContract(open: () => CallbackStore): void {
  const parked = (dueAt = NOW, attempts = 5) => ({ callback: sampleCallback('acme#1/é'), attempts, dueAt });
  const dueIds = async (store: CallbackStore, now: number): Promise<readonly string[]> =>
    (await collect(store.due(now))).map(({ taskId }) => taskId);

  it('returns a parked callback unchanged, and null for another task', async () => {
    const store = open();
    const one = parked();
    await store.park(one);
    expect(await store.get(one.callback)).toEqual(one);
    expect(await store.get({ taskId: freshId(), tenant: one.callback.tenant })).toBeNull();
  });

  it('keeps how often a receiver was left alone', async () => {
    const store = open();
    const one = { ...parked(), attempts: 0, leftAlone: 3 };
    await store.park(one);
    expect(await store.get(one.callback)).toEqual(one);
  });

  describe('due', () => {
    it('says whose each callback is, and finds those of all tenants', async () => {
      const store = open();
      const tenants = Array.from({ length: 12 }, (_, number) => `tenant#${number} ü/${freshId()}`);
      const all = tenants.map((tenant) => ({ callback: sampleCallback(tenant), attempts: 1, dueAt: NOW }));
      for (const each of all) await store.park(each);
      const due = (await collect(store.due(NOW))).filter(({ tenant }) => tenants.includes(tenant));
      expect(due).toHaveLength(12);
      const found = await Promise.all(due.map((each) => store.get(each)));
      expect(found).toEqual(expect.arrayContaining(all));
    });

    it('finds the callbacks that are due, the longest overdue first', async () => {
      const store = open();
      const all = [30, 10, 20, 40].map((minutes) => parked(NOW + minutes * 60_000));
      for (const each of all) await store.park(each);
      const [third, first, second, later] = all.map(({ callback }) => callback.taskId);
      const found = await dueIds(store, NOW + 30 * 60_000);
      expect(found.filter((id) => id === first || id === second || id === third)).toEqual([first, second, third]);
      expect(found).not.toContain(later);
    });
  });

  describe('park', () => {
    it('again replaces the callback of the task', async () => {
      const store = open();
      const one = parked();
      await store.park(one);
      const again = { ...one, attempts: 6, dueAt: NOW + 3_600_000 };
      await store.park(again);
      expect(await store.get(one.callback)).toEqual(again);
      expect(await dueIds(store, NOW)).not.toContain(one.callback.taskId);
    });
  });

  describe('remove', () => {
    it('removes the callback, and can be repeated', async () => {
      const store = open();
      const one = parked();
      await store.park(one);
      await store.remove(one);
      await store.remove(one);
      expect(await store.get(one.callback)).toBeNull();
      expect(await dueIds(store, NOW)).not.toContain(one.callback.taskId);
    });

    it('keeps a callback that was parked again for another time', async () => {
      const store = open();
      const one = parked();
      await store.park(one);
      const again = { ...one, dueAt: NOW + 60_000 };
      await store.park(again);
      await store.remove(one);
      expect(await store.get(one.callback)).toEqual(again);
    });
  });
}
