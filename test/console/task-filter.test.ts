import { describe, expect, it } from 'vitest';
import { tokensOf, valuesOf } from '#console/src/views/tasks/filter.ts';
import { oneByOne, outcomeWords } from '#console/src/views/tasks/one-by-one.ts';

const NOW = Date.UTC(2026, 10, 30, 12);

describe('the filter of the list', () => {
  it('is the same as tokens and as parameters', () => {
    const values = { agent: 'assistant', status: 'failed', from: '2026-11-30T10:00:00.000Z' };
    expect(valuesOf(tokensOf(values), NOW)).toMatchObject(values);
    expect(valuesOf([], NOW).agent).toBeUndefined();
  });

  it('takes a time as an age', () => {
    const from = (value: string) => valuesOf([{ propertyKey: 'from', operator: '>=', value }], NOW).from;
    expect(from('2h')).toBe('2026-11-30T10:00:00.000Z');
    expect(from('2026-11-30')).toBe('2026-11-30T00:00:00.000Z');
    expect(from('lately')).toBe('lately');
  });

  it('has the last of two tokens of a property', () => {
    const tokens = ['failed', 'queued'].map((value) => ({ propertyKey: 'status', operator: '=', value }));
    expect(valuesOf(tokens, NOW).status).toBe('queued');
  });
});

it('an action on many tasks goes on after a failure, and names it', async () => {
  const outcomes = await oneByOne(['a', 'b', 'c'], async (id) => {
    if (id === 'b') throw new Error('Conflict: the task has already ended.');
  });
  expect(outcomeWords(outcomes, 'cancelled')).toBe(
    '2 tasks cancelled. 1 failed: b: Conflict: the task has already ended.',
  );
});
