import type { RoutedEvent } from './app.ts';

/**
 * The events of a subject in the order in which they are handled. Numbered events of a source are sorted within the places
 * that they have in the batch. All others keep theirs.
 */
export function inOrder<Item extends { readonly event: RoutedEvent }>(items: readonly Item[]): readonly Item[] {
  const numbered = new Map<string, Item[]>();
  for (const item of items) if (item.event.sequence !== null) add(numbered, item.event.source, item);
  for (const ofSource of numbered.values()) ofSource.sort((a, b) => compare(a.event, b.event));
  return items.map((item) =>
    item.event.sequence === null ? item : (numbered.get(item.event.source)?.shift() ?? item),
  );
}

function add<Item>(lists: Map<string, Item[]>, key: string, item: Item): void {
  const list = lists.get(key);
  if (list) list.push(item);
  else lists.set(key, [item]);
}

function compare(a: RoutedEvent, b: RoutedEvent): number {
  const [left, right] = [a.sequence ?? 0n, b.sequence ?? 0n];
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
