/**
 * Calls `work` for every item with bounded concurrency. Results are in the order of the items. The first error rejects;
 * no further item is started once its source is closed.
 * @param limit items worked on at once; the default suits items that cost a few writes and one message each @default 25
 */
export async function inParallel<Item, Result>(
  items: Iterable<Item> | AsyncIterable<Item>,
  work: (item: Item) => Promise<Result>,
  limit = 25,
): Promise<Result[]> {
  const results: Result[] = [];
  const source = each(items);
  let taken = 0;
  const lane = async (): Promise<void> => {
    for await (const item of source) {
      const index = taken++;
      results[index] = await work(item);
    }
  };
  await Promise.all(Array.from({ length: limit }, lane));
  return results;
}

async function* each<Item>(items: Iterable<Item> | AsyncIterable<Item>): AsyncGenerator<Item> {
  yield* items;
}
