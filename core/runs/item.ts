import { z } from 'zod';
import { shorten } from '../text/text.ts';
import { utf8Length } from '../text/utf8-length.ts';

/** Largest item of a pipeline, in bytes of its JSON. A message and a state carry it, so larger data belongs into S3. */
export const MAX_ITEM_BYTES = 16_384;
/** Most items of one run: those of a Distributed Map that AWS has measured. */
export const MAX_ITEMS = 100_000;

/** An item of a pipeline: any JSON object with an `id` that no other item of the run has. */
export const itemSchema = z.looseObject({
  id: z.string().min(1).max(256).describe('Names the item in the results. No other item of the run has it.'),
});
export type Item = z.infer<typeof itemSchema>;

/** What a list of items is, or why it is none. */
export type ParsedItems =
  | { readonly ok: true; readonly items: readonly Item[] }
  | { readonly ok: false; readonly problem: string };

/** Parses items as JSON lines. The problem names the line and the remedy. */
export function parseItems(text: string): ParsedItems {
  if (text.startsWith('\uFEFF'))
    return refused('The list begins with a byte order mark. Save it as UTF-8 without one.');
  const lines = text.split('\n');
  if (lines.at(-1)?.trim() === '') lines.pop();
  if (lines.length > MAX_ITEMS) return refused(`There are ${lines.length} items. Use at most ${MAX_ITEMS} for a run.`);
  const items = new Map<string, Item>();
  for (const [index, line] of lines.entries()) {
    const parsed = parseItem(line);
    if (typeof parsed === 'string') return refused(`Line ${index + 1} ${parsed}`);
    if (items.has(parsed.id))
      return refused(
        `Line ${index + 1} has the \`id\` of an earlier line: ${shorten(parsed.id, 80)}. Each item needs its own.`,
      );
    items.set(parsed.id, parsed);
  }
  return { ok: true, items: [...items.values()] };
}

function parseItem(line: string): Item | string {
  const bytes = utf8Length(line);
  if (bytes > MAX_ITEM_BYTES) return `has ${bytes} bytes. Use at most ${MAX_ITEM_BYTES}, and put large data into S3.`;
  try {
    const parsed = itemSchema.safeParse(JSON.parse(line));
    if (parsed.success) return parsed.data;
  } catch {
    return 'is not valid JSON. Write one JSON object a line.';
  }
  return 'is not an item. Write a JSON object with an `id` of 1 to 256 characters.';
}

const refused = (problem: string): ParsedItems => ({ ok: false, problem });
