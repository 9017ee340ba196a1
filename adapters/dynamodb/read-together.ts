import { setImmediate } from 'node:timers/promises';
import type { Item, Table } from './conditional-put.ts';
import { nameOf, readItems } from './read-items.ts';

/**
 * Reads items like `readItem`. Those that are asked for in one turn of the event loop, as by all tasks of an invocation when
 * it begins, share a request.
 */
export function readingTogether(at: Table): (key: Item) => Promise<Item | null> {
  let keys: Item[] = [];
  let reading: Promise<ReadonlyMap<string, Item>> | null = null;
  const readSoon = async (): Promise<ReadonlyMap<string, Item>> => {
    await setImmediate();
    const all = keys;
    [keys, reading] = [[], null];
    return new Map((await readItems(at, all)).map((item) => [nameOf(item), item]));
  };
  return async (key) => {
    keys.push(key);
    reading ??= readSoon();
    return (await reading).get(nameOf(key)) ?? null;
  };
}
