import { expect, test } from 'vitest';
import { utf8Length } from '#core/text/utf8-length.ts';
import { strategistInputSchema } from '../../agents/strategist-input.ts';
import { batchesOf } from '../../strategy/batches.ts';
import type { Compared, Pair } from '../../strategy/pairs.ts';
import { claim } from '../claims/support.ts';

const company = (id: string, quote: string): Compared => ({
  id,
  name: id,
  sector: 'Tools',
  news: Array.from({ length: 8 }, (_, at) => claim(`${at} ${quote}`, { magnitude: (at % 5) + 1 })),
});
const ids = Array.from({ length: 20 }, (_, at) => `c${at}`);
const pairs = ids.slice(1).map((against): Pair => ({ by: 'c0', against, because: 'same sector', weight: 1 }));

test.each([
  ['short quotes', 'Acme launched a drill.', 8],
  ['long quotes', 'A long sentence about a drill. '.repeat(30), 1],
  ['quotes of three bytes a character', '新しい製品を発表した。'.repeat(120), 1],
])('batches of %s fit an item of a pipeline, and no pair is lost', (_, quote, atLeast) => {
  const batches = batchesOf(
    pairs,
    ids.map((id) => company(id, quote)),
    '2026-11-10',
  );
  for (const { input } of batches) {
    expect(utf8Length(JSON.stringify({ id: 'b'.repeat(17), ...input }))).toBeLessThan(16 * 1_024);
    expect(strategistInputSchema.safeParse({ id: 'b1', ...input }).error).toBeUndefined();
  }
  expect(batches.flatMap((batch) => [...batch.pairs.values()])).toEqual(pairs);
  expect(batches[0]?.input.pairs.length).toBeGreaterThanOrEqual(atLeast);
  expect(batches.every(({ input }) => input.pairs.every(({ by }) => by.claims.length > 0))).toBe(true);
});
