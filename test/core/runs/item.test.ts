import { describe, expect, it } from 'vitest';
import { MAX_ITEM_BYTES, MAX_ITEMS, parseItems } from '#core/runs/item.ts';

describe('lists of items', () => {
  it('are JSON lines, with a line break at the end or none', () => {
    expect(parseItems('{"id":"a"}\r\n{"id":"b","more":[1]}\n')).toEqual({
      ok: true,
      items: [{ id: 'a' }, { id: 'b', more: [1] }],
    });
    expect(parseItems('')).toEqual({ ok: true, items: [] });
  });

  it.each([
    ['{"id":"a"}\n\n{"id":"b"}', 'Line 2 is not valid JSON'],
    ['\uFEFF{"id":"a"}', 'byte order mark'],
    ['{"id":""}', 'Line 1 is not an item'],
    ['{"name":"a"}', 'Write a JSON object with an `id`'],
    ['[{"id":"a"}]', 'Line 1 is not an item'],
    ['{"id":"a"}\n{"id":"a"}', 'Line 2 has the `id` of an earlier line: a'],
    [`{"id":"a","text":"${'x'.repeat(MAX_ITEM_BYTES)}"}`, `Use at most ${MAX_ITEM_BYTES}`],
    // Half as many characters, of two bytes each.
    [`{"id":"a","text":"${'ä'.repeat(MAX_ITEM_BYTES / 2)}"}`, `Use at most ${MAX_ITEM_BYTES}`],
    ['{"id":"a"}\n'.repeat(MAX_ITEMS + 1), `Use at most ${MAX_ITEMS} for a run`],
  ])('names what is wrong with a list (case %#)', (text, problem) => {
    const parsed = parseItems(text);
    expect(parsed.ok ? '' : parsed.problem).toContain(problem);
  });
});
