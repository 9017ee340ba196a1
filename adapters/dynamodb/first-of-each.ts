/**
 * Drops the entries of an item after its first one. In a global fleet each epoch of a home that wrote an item has an entry of
 * its own in an index.
 */
export async function* firstOfEach<Entry>(
  entries: AsyncIterable<Entry>,
  keyOf: (entry: Entry) => string,
): AsyncGenerator<Entry> {
  const seen = new Set<string>();
  for await (const entry of entries) {
    const key = keyOf(entry);
    if (seen.has(key)) continue;
    seen.add(key);
    yield entry;
  }
}
