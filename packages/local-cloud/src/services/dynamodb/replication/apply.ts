import * as database from 'dynalite/db/index.js';
import type { DynaliteStore } from 'dynalite/db/index.js';

/** Keys of items in the storage, as dynalite builds them: `item-<table>~<key>`. No table's name has a `~`. */
export const itemPrefix = (table: string): string => `item-${table}~`;

/** The table of an item by its key in the storage; undefined for the key of something else. */
export function tableOf(key: string): string | undefined {
  return key.startsWith('item-') ? key.slice('item-'.length, key.indexOf('~')) : undefined;
}

/** What becomes of an item that arrives. */
export interface Arrival {
  /** The key in the storage. */
  readonly key: string;
  /** Undefined for a deletion. */
  readonly item: object | undefined;
  /** Decides whether it replaces the one that is stored. No other write of the item comes between this and `write`. */
  readonly decide: (exists: boolean) => boolean;
  /** Runs the write of the item. */
  readonly write: (action: () => void) => void;
}

/** Writes an item and its index entries without a condition, under the lock that all writes of the item take. */
export function applyTo(store: DynaliteStore, { key, item, decide, write }: Arrival): Promise<void> {
  const table = tableOf(key) ?? '';
  const ownKey = key.slice(itemPrefix(table).length);
  const items = store.getItemDb(table);
  return new Promise((resolve, reject) => {
    const ended = (error: unknown): void => {
      if (error === null || error === undefined) resolve();
      else reject(error instanceof Error ? error : new Error(JSON.stringify(error)));
    };
    store.getTable(table, (missing, definition) => {
      if (missing) return ended(missing);
      items.lock(ownKey, (release) => {
        const done = release(ended);
        items.get(ownKey, (error, existing) => {
          if (error) return done(error);
          if (!decide(existing !== undefined)) return done(null);
          database.updateIndexes(store, definition, existing, item, (failed) => {
            if (failed) return done(failed);
            write(() => (item === undefined ? items.del(ownKey, done) : items.put(ownKey, item, done)));
          });
        });
      });
    });
  });
}
