import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { placeOfId } from '#console/src/url/place-of-id.ts';
import { changeSearch, parseSearch, pathWith } from '#console/src/url/search.ts';

const SHAPE = { status: z.enum(['queued', 'failed']), limit: z.coerce.number().int() };

describe('the search string of a view', () => {
  it('becomes typed values', () => {
    expect(parseSearch(SHAPE, 'status=failed&limit=50')).toEqual({
      values: { status: 'failed', limit: 50 },
      ignored: [],
    });
  });

  it('names what is invalid, since a filter that is silently ignored shows too much', () => {
    expect(parseSearch(SHAPE, 'status=lost&limit=50&other=1')).toEqual({
      values: { limit: 50 },
      ignored: ['status=lost'],
    });
  });

  it('takes an empty parameter as none', () => {
    expect(parseSearch(SHAPE, 'status=')).toEqual({ values: {}, ignored: [] });
  });

  it('changes, keeping what it does not know', () => {
    expect(changeSearch('a=1&cursor=x', { cursor: undefined, status: 'failed' })).toBe('a=1&status=failed');
    expect(pathWith('/tasks', { agent: 'a&b', run: undefined })).toBe('/tasks?agent=a%26b');
    expect(pathWith('/tasks', {})).toBe('/tasks');
  });
});

describe('an id that somebody pastes', () => {
  const known = {
    alarms: [
      'fleet-dev-observability-StuckSessionsAlarm4-D1',
      'fleet-dev-a-FailingAlarm1',
      'fleet-dev-b-FailingAlarm2',
    ],
    hasRun: async (id: string) => id === 'night-2026-11-30',
  };

  it.each([
    [' task-0123456789abcdef ', '/tasks/task-0123456789abcdef'],
    ['run-0123456789abcdef', '/runs/run-0123456789abcdef'],
    ['ada', '/sessions?id=ada'],
    ['../x', '/sessions?id=..%2Fx'],
    ['night-2026-11-30', '/runs/night-2026-11-30'],
    ['StuckSessions', '/alarms/fleet-dev-observability-StuckSessionsAlarm4-D1'],
    ['fleet-dev-a-failing', '/alarms/fleet-dev-a-FailingAlarm1'],
    ['failing', '/sessions?id=failing'],
  ])('%s leads to %s', async (id, place) => {
    expect(await placeOfId(id, known)).toBe(place);
  });

  it('leads nowhere if it is empty', async () => {
    expect(await placeOfId('  ', known)).toBeNull();
  });
});
