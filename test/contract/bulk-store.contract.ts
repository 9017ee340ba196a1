import { expect, it } from 'vitest';
import type { BulkAction } from '#core/bulk/action.ts';
import type { BulkStore } from '#core/ports/bulk-store.ts';
import { collect, freshId, NOW, sampleBulkAction } from './samples.ts';

/** The contract of every store of bulk actions. */
export function bulkStoreContract(open: () => BulkStore): void {
  it('creates an action once, and changes it only from the version that was read', async () => {
    const [store, tenant] = [open(), freshId('tenant')];
    const action = sampleBulkAction(tenant);
    expect(await store.get(tenant, action.id)).toBeNull();
    expect(await store.create(action)).toEqual({ created: true, action });
    const other = { ...action, list: 'another' };
    expect(await store.create(other)).toEqual({ created: false, action });
    const next = { ...action, version: 2, page: 1, done: 3 };
    expect(await store.write(next)).toBe('written');
    expect(await store.write({ ...next, done: 2 })).toBe('conflict');
    expect(await store.get(tenant, action.id)).toEqual(next);
    expect(await store.get(freshId('tenant'), action.id)).toBeNull();
  });

  it('writes a page only from the version that was read', async () => {
    const [store, list] = [open(), freshId('list')];
    expect(await store.getPage(list, 0)).toBeNull();
    const page = { list, index: 0, version: 1, items: [{ task: freshId() }] };
    expect(await store.writePage(page)).toBe('written');
    expect(await store.writePage(page)).toBe('conflict');
    const next = { ...page, version: 2, items: page.items.map((item) => ({ ...item, outcome: 'done' as const })) };
    expect(await store.writePage(next)).toBe('written');
    expect(await store.getPage(list, 0)).toEqual(next);
    expect(await store.getPage(list, 1)).toBeNull();
  });

  it('I8: lists the actions of one tenant, newest first', async () => {
    const [store, tenant] = [open(), freshId('tenant')];
    const [old, middle, young] = [0, 1, 2].map((ms) => sampleBulkAction(tenant, { createdAt: NOW + ms })) as [
      BulkAction,
      BulkAction,
      BulkAction,
    ];
    for (const action of [middle, old, young, sampleBulkAction(freshId('tenant'))]) await store.create(action);
    expect(await collect(store.list(tenant))).toEqual([young, middle, old]);
    expect(await collect(store.list(tenant, middle))).toEqual([old]);
  });
}
