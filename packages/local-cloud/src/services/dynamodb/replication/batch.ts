import { z } from 'zod';
import type { Sending } from './outbox.ts';
import type { Version } from './version.ts';

const changeSchema = z.object({
  /** The key in the storage of every region. */
  key: z.string(),
  /** When the oldest write was made that the region did not have. */
  since: z.number(),
  version: z.object({ at: z.number(), by: z.string(), seen: z.record(z.string(), z.number()) }),
  /** Null for a deletion. */
  item: z.custom<object | null>((value) => typeof value === 'object'),
});

const batchSchema = z.object({ from: z.string(), arrivedUpTo: z.number(), changes: z.array(changeSchema) });

/** One item as another region has it. */
export type Change = z.output<typeof changeSchema>;

/** Changes on their way to another region. */
export type Batch = z.output<typeof batchSchema>;

/** A batch ends with the item that makes it longer than this. */
const MAX_LENGTH = 2 ** 20;

/** Parses what `writeBatch` wrote. */
export const parseBatch = (text: string): Batch => batchSchema.parse(JSON.parse(text));

/** Writes a batch of items as they are stored now. Items are JSON already. `written` is how many of them are in it. */
export function writeBatch(
  { from, arrivedUpTo }: Omit<Batch, 'changes'>,
  items: readonly Sending[],
  stored: (key: string) => { readonly version: Version; readonly item: string | undefined },
): { readonly text: string; readonly written: number } {
  const changes: string[] = [];
  let length = 0;
  for (const { key, since } of items) {
    const { version, item = 'null' } = stored(key);
    const { at, by, seen } = version;
    const head = JSON.stringify({ key, since, version: { at, by, seen } }).slice(0, -1);
    length += changes[changes.push(`${head},"item":${item}}`) - 1]?.length ?? 0;
    if (length > MAX_LENGTH) break;
  }
  const head = JSON.stringify({ from, arrivedUpTo }).slice(0, -1);
  return { text: `${head},"changes":[${changes.join(',')}]}`, written: changes.length };
}
