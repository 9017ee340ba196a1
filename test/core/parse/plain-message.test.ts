import { expect, it } from 'vitest';
import { z } from 'zod';
import { plainIssue, plainMessage } from '#core/parse/plain-message.ts';

it.each<[z.ZodType, unknown, string]>([
  [z.int().min(2), 1, 'must be at least 2'],
  [z.int(), 1.5, 'must be a whole number'],
  [z.number().positive(), 0, 'must be more than 0'],
  [z.coerce.number(), 'many', 'must be a number'],
  [z.string(), undefined, 'is required'],
  [z.string().min(1), '', 'must not be empty'],
  [z.string().max(3), 'abcd', 'must have at most 3 characters'],
  [z.array(z.string()).min(2), ['a'], 'must have at least 2 items'],
  [z.enum(['high', 'default', 'economy']), 'low', 'must be high, default or economy'],
  [z.literal('on'), 'off', 'must be on'],
  [z.url(), 'nowhere', 'must be a URL'],
  [z.iso.datetime(), 'tomorrow', 'must be an ISO 8601 time like 2026-11-28T08:00:00Z'],
  [z.strictObject({}), { a: 1 }, 'has the unknown field a'],
  [z.union([z.literal('a'), z.number()]), true, 'matches none of the allowed forms'],
  [z.record(z.string().max(2), z.string()), { abc: '' }, 'has a name that must have at most 2 characters'],
  [z.string('must be your name'), 1, 'must be your name'],
])('%# says what is wrong in plain words', (schema, value, message) => {
  expect(schema.safeParse(value).error?.issues.map(plainMessage)).toEqual([message]);
});

it('names the field', () => {
  const parsed = z.object({ budget: z.object({ usd: z.number() }) }).safeParse({ budget: { usd: 'much' } });
  expect(parsed.error?.issues.map(plainIssue)).toEqual(['budget.usd must be a number']);
});
