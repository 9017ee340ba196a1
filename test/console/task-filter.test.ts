import { describe, expect, it } from 'vitest';
import { tokensOf, valuesOf } from '#console/src/views/tasks/filter.ts';
import { bulkFilterOf } from '#console/src/views/tasks/bulk-filter.ts';

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

describe('a bulk action on the list', () => {
  const task = (id: string, status: string) => ({ id, status });

  it('acts on the selected tasks that it applies to', () => {
    const selected = [task('a', 'failed'), task('b', 'running')];
    expect(bulkFilterOf('cancel', selected, { agent: 'assistant' })).toEqual({ tasks: ['b'] });
    expect(bulkFilterOf('retry', selected, {})).toEqual({ tasks: ['a'] });
    expect(bulkFilterOf('retry', [task('b', 'running')], {})).toBeNull();
  });

  it('acts on all that match', () => {
    const from = '2026-11-30T10:00:00.000Z';
    expect(bulkFilterOf('retry', [], { agent: 'assistant', status: 'failed', runId: 'run-1', from })).toEqual({
      agent: 'assistant',
      status: 'failed',
      runId: 'run-1',
      since: from,
    });
  });

  it('never acts on more than the list shows: without a filter, or with one that it does not have', () => {
    expect(bulkFilterOf('cancel', [], {})).toBeNull();
    expect(bulkFilterOf('cancel', [], { agent: 'assistant', sessionId: 'ada' })).toBeNull();
    expect(bulkFilterOf('cancel', [], { agent: 'assistant', parent: 'task-1' })).toBeNull();
    expect(bulkFilterOf('retry', [], { status: 'running' })).toBeNull();
  });
});
