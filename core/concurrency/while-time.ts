/** Passes items on until the time is up. The rest is left to the next call. */
export async function* whileTime<Item>(
  items: Iterable<Item> | AsyncIterable<Item>,
  hasTime: () => boolean,
): AsyncGenerator<Item> {
  for await (const item of items) {
    if (!hasTime()) return;
    yield item;
  }
}
