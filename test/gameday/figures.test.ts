import { describe, expect, it } from 'vitest';
import { lacks } from './figures.ts';

const act = { part: 'act', command: 'npm run fleet -- pause gameday', code: 0 };
const played = { name: 'poison-task', alarm: 'WorkerErrors', firedAfterS: 60, clearedAfterS: 400, commands: [act] };
const lacking = (change: object, names = ['poison-task']): string[] =>
  lacks({ totalS: 1_800, scenarios: [{ ...played, ...change }] }, names);

describe('the figures of a game day', () => {
  it('lack nothing when each alarm rang in time and cleared', () => expect(lacking({ firedAfterS: 120 })).toEqual([]));

  it.each([
    [{ firedAfterS: 121 }, 'rang after 121 s'],
    [{ firedAfterS: null }, 'rang after null s'],
    [{ clearedAfterS: null }, 'did not clear'],
    [{ commands: [{ ...act, part: 'look' }] }, 'no act'],
    [{ commands: [act, { ...act, part: 'undo', code: 1 }] }, 'ended with 1'],
  ])('lack something with %j', (change, says) => expect(lacking(change)).toEqual([expect.stringContaining(says)]));

  it('lack a scenario that was not played', () =>
    expect(lacking({}, ['poison-task', 'failing-tool'])).toEqual(['failing-tool: was not played']));

  it('lack time when they took more than half an hour', () =>
    expect(lacks({ totalS: 1_801, scenarios: [played] }, ['poison-task'])).toEqual([
      'the game day took 1801 s, more than 1800',
    ]));

  it('are no other JSON', () => expect(() => lacks({}, [])).toThrow('scenarios'));
  it('have the time of the whole', () => expect(() => lacks({ scenarios: [played] }, [])).toThrow('totalS'));
});
