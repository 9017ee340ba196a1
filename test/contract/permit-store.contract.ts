import { describe, expect, it } from 'vitest';
import type { PermitStore } from '#core/ports/permit-store.ts';
import { acquire, noPermits } from '#core/tenants/permits.ts';
import { freshId } from './samples.ts';

/** The contract of every store of permits. */
export function permitStoreContract(open: () => PermitStore): void {
  describe('permits', () => {
    it('are created if they do not exist, and change only from the version that was read', async () => {
      const [store, tenant] = [open(), freshId('tenant')];
      expect(await store.get(tenant)).toBeNull();
      const first = acquire(noPermits(tenant), freshId(), 1, 2).permits;
      expect(await store.write(first)).toBe('written');
      expect(await store.write(first)).toBe('conflict');
      const next = acquire(first, freshId(), 4, 2).permits;
      expect(await store.write(next)).toBe('written');
      expect(await store.get(tenant)).toEqual(next);
    });

    it('let exactly one of several writers win', async () => {
      const [store, tenant] = [open(), freshId('tenant')];
      const nexts = Array.from({ length: 10 }, () => acquire(noPermits(tenant), freshId(), 1, 1).permits);
      const outcomes = await Promise.all(nexts.map((next) => store.write(next)));
      expect(outcomes.filter((outcome) => outcome === 'written')).toHaveLength(1);
    });
  });

  describe('the line', () => {
    it('is listed oldest first, up to the given number', async () => {
      const [store, tenant] = [open(), freshId('tenant')];
      const waiting = [30, 9, 2_000].map((createdAt) => ({ taskId: freshId(), createdAt, epoch: 1 }));
      for (const one of waiting) await store.line(tenant, one);
      const [second, first, third] = waiting;
      expect(await store.first(tenant, 2)).toEqual([first, second]);
      expect(await store.first(tenant, 10)).toEqual([first, second, third]);
      expect(await store.first(freshId('tenant'), 10)).toEqual([]);
    });

    it('contains a task once, until it is removed', async () => {
      const [store, tenant] = [open(), freshId('tenant')];
      const one = { taskId: freshId(), createdAt: 5, epoch: 1 };
      await store.line(tenant, one);
      await store.line(tenant, one);
      expect(await store.first(tenant, 10)).toEqual([one]);
      await store.unline(tenant, one);
      await store.unline(tenant, one);
      expect(await store.first(tenant, 10)).toEqual([]);
    });

    it('keeps a task that was added again when a late removal arrives', async () => {
      const [store, tenant] = [open(), freshId('tenant')];
      const before = { taskId: freshId(), createdAt: 5, epoch: 1 };
      const anew = { ...before, epoch: 3 };
      await store.line(tenant, before);
      await store.line(tenant, anew);
      await store.unline(tenant, before);
      expect(await store.first(tenant, 10)).toEqual([anew]);
      await store.unline(tenant, anew);
      expect(await store.first(tenant, 10)).toEqual([]);
    });
  });
}
