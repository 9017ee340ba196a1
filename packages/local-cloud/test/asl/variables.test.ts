import { describe, expect, it } from 'vitest';
import { run } from './harness.ts';

describe('variables', () => {
  it('are assigned after Output is evaluated, from their previous values', async () => {
    const definition = {
      StartAt: 'Set',
      States: {
        Set: { Type: 'Pass', Assign: { a: 1, b: 2 }, Next: 'Swap' },
        Swap: { Type: 'Pass', Assign: { a: '{% $b %}', b: '{% $a %}' }, Output: '{% $a %}', Next: 'Show' },
        Show: { Type: 'Pass', Output: { was: '{% $states.input %}', a: '{% $a %}', b: '{% $b %}' }, End: true },
      },
    };
    expect(await run(definition).output).toEqual({ was: 1, a: 2, b: 1 });
  });

  it('of an iteration are private, and those of enclosing scopes are readable', async () => {
    const definition = {
      StartAt: 'Set',
      States: {
        Set: { Type: 'Pass', Assign: { factor: 10 }, Next: 'Each' },
        Each: {
          Type: 'Map',
          Items: [1, 2],
          ItemProcessor: {
            StartAt: 'Times',
            States: {
              Times: { Type: 'Pass', Assign: { own: '{% $states.input * $factor %}' }, Next: 'Give' },
              Give: { Type: 'Pass', Output: '{% $own %}', End: true },
            },
          },
          Next: 'After',
        },
        After: { Type: 'Pass', Output: { results: '{% $states.input %}', leaked: '{% $exists($own) %}' }, End: true },
      },
    };
    expect(await run(definition).output).toEqual({ results: [10, 20], leaked: false });
  });

  it('can use the result of their task', async () => {
    const definition = {
      StartAt: 'Call',
      States: {
        Call: {
          Type: 'Task',
          Resource: 'r',
          Assign: { answer: '{% $states.result.n %}' },
          Output: '{% $states.input %}',
          Next: 'Show',
        },
        Show: { Type: 'Pass', Output: ['{% $states.input %}', '{% $answer %}'], End: true },
      },
    };
    expect(await run(definition, { input: 'in', task: () => ({ n: 42 }) }).output).toEqual(['in', 42]);
  });
});
