/** Entries that are read before the first is served. Only a tenant with more than this hides what comes behind it. */
const MAX_READ = 500_000;
/** Entries of one tenant that are kept in memory, more than one call serves. */
const MAX_KEPT = 50_000;

/**
 * Puts entries in the order in which their tenants take turns: the first of each tenant, the second of each, and so on.
 * Each tenant's entries keep their order; those beyond the limits are left to the next call. So a tenant with thousands does not delay another's few.
 */
export async function inTurn<Entry extends { readonly tenant: string }>(
  entries: AsyncIterable<Entry>,
): Promise<Iterable<Entry>> {
  const lines = new Map<string, Entry[]>();
  let read = 0;
  for await (const entry of entries) {
    const line = lines.get(entry.tenant) ?? [];
    lines.set(entry.tenant, line);
    if (line.length < MAX_KEPT) line.push(entry);
    if (++read === MAX_READ) break;
  }
  return turns([...lines.values()]);
}

function* turns<Entry>(lines: readonly (readonly Entry[])[]): Generator<Entry> {
  for (let turn = 0, left = lines; left.length > 0; turn += 1, left = left.filter(({ length }) => length > turn)) {
    for (const line of left) yield* line.slice(turn, turn + 1);
  }
}
