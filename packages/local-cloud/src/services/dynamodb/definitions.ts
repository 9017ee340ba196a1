import type { DynaliteStore } from 'dynalite/db/index.js';
import type { Storage } from './storage.ts';

/** Only in these does dynalite act on items. */
const USABLE: ReadonlySet<unknown> = new Set(['ACTIVE', 'UPDATING']);

/**
 * Lets actions on items share one definition of their table. dynalite would parse it for each of them, up to three times. None
 * of them changes it, and since it is frozen none can.
 */
export function keepDefinitions(store: DynaliteStore, storage: Pick<Storage, 'definition'>): void {
  const getTable = store.getTable.bind(store);
  store.getTable = (table, ...given) => {
    const [done] = given;
    const definition = done === false ? undefined : storage.definition(table);
    const isUsable = definition !== undefined && USABLE.has(Reflect.get(definition, 'TableStatus'));
    if (done === false || !isUsable) return getTable(table, ...given);
    process.nextTick(done, null, definition);
  };
}
