import { bulkActionSchema, bulkPageSchema, type BulkAction, type BulkPage } from '#core/bulk/action.ts';
import type { BulkStore } from '#core/ports/bulk-store.ts';

/** Bulk actions in memory, each written on condition of its version and kept as JSON. Does not honour expiry. */
export function inMemoryBulkStore(): BulkStore {
  const actions = new Map<string, string>();
  const pages = new Map<string, string>();
  const actionKey = (tenant: string, id: string): string => JSON.stringify([tenant, id]);
  const pageKey = (list: string, index: number): string => JSON.stringify([list, index]);
  const get = (tenant: string, id: string): BulkAction | null => {
    const json = actions.get(actionKey(tenant, id));
    return json === undefined ? null : bulkActionSchema.parse(JSON.parse(json));
  };
  const getPage = (list: string, index: number): BulkPage | null => {
    const json = pages.get(pageKey(list, index));
    return json === undefined ? null : bulkPageSchema.parse(JSON.parse(json));
  };
  return {
    get: async (tenant, id) => get(tenant, id),
    getPage: async (list, index) => getPage(list, index),
    async create(action) {
      const existing = get(action.tenant, action.id);
      if (existing) return { created: false, action: existing };
      actions.set(actionKey(action.tenant, action.id), JSON.stringify(action));
      return { created: true, action };
    },
    async write(next) {
      if (get(next.tenant, next.id)?.version !== next.version - 1) return 'conflict';
      actions.set(actionKey(next.tenant, next.id), JSON.stringify(next));
      return 'written';
    },
    async *list(tenant, after) {
      const all = [...actions.values()].map((json) => bulkActionSchema.parse(JSON.parse(json)));
      const placeOf = ({ createdAt, id }: Pick<BulkAction, 'createdAt' | 'id'>): string =>
        `${String(createdAt).padStart(15, '0')}#${id}`;
      const sorted = all.toSorted((a, b) => (placeOf(a) < placeOf(b) ? 1 : -1));
      yield* sorted.filter((each) => each.tenant === tenant && (!after || placeOf(each) < placeOf(after)));
    },
    async writePage(next) {
      if ((getPage(next.list, next.index)?.version ?? 0) !== next.version - 1) return 'conflict';
      pages.set(pageKey(next.list, next.index), JSON.stringify(next));
      return 'written';
    },
  };
}
