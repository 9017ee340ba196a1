import type { Item, Table } from './conditional-put.ts';
import { queried, type Query } from './queried.ts';
import { listSort } from './state-table.ts';

/** Where an entry of the index `listing` is. */
export const positionOf = (entry: Item): string => entry['listSort']?.S ?? '';

/**
 * Whether an entry is at the place of what is stored. In a global fleet a later epoch of a home may create again what it has
 * not received yet. What the earlier one wrote then has an entry of its own, at another place.
 */
export const isAt = (entry: Item, { createdAt, id }: { readonly createdAt: number; readonly id: string }): boolean =>
  positionOf(entry) === listSort(createdAt, id);

/** Reads the index `listing`. What several epochs of a home wrote at one place is given once. */
export async function* listed(at: Table, query: Query): AsyncGenerator<Item> {
  let last: string | undefined;
  for await (const entry of queried(at, { ...query, IndexName: 'listing' })) {
    if (positionOf(entry) === last) continue;
    last = positionOf(entry);
    yield entry;
  }
}
