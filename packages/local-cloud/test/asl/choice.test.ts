import { describe, expect, it } from 'vitest';
import { run } from './harness.ts';

const end = { Type: 'Pass', End: true };

function choice(more: object): object {
  return {
    StartAt: 'Choose',
    States: {
      Choose: {
        Type: 'Choice',
        Choices: [
          { Condition: '{% $states.input.n > 10 %}', Next: 'Big', Output: { size: 'big' } },
          { Condition: '{% $states.input.n > 5 %}', Next: 'Big', Assign: { seen: '{% $states.input.n %}' } },
        ],
        ...more,
      },
      Big: end,
    },
  };
}

describe('Choice', () => {
  it('uses the first rule whose condition is true, with its Output', async () => {
    expect(await run(choice({}), { input: { n: 11 } }).output).toEqual({ size: 'big' });
    expect(await run(choice({}), { input: { n: 6 } }).output).toEqual({ n: 6 });
  });

  it('uses Default with the Output of the state', async () => {
    const definition = choice({ Default: 'Big', Output: 'default' });
    expect(await run(definition, { input: { n: 1 } }).output).toBe('default');
  });

  it('fails with States.NoChoiceMatched when no rule matches', async () => {
    expect(await run(choice({}), { input: { n: 1 } }).failure).toMatchObject({ error: 'States.NoChoiceMatched' });
  });

  it('fails when a condition is not a boolean', async () => {
    const definition = {
      StartAt: 'Choose',
      States: { Choose: { Type: 'Choice', Choices: [{ Condition: '{% 1 %}', Next: 'End' }] }, End: end },
    };
    expect(await run(definition).failure).toEqual({
      error: 'States.QueryEvaluationError',
      cause:
        "An error occurred while executing the state 'Choose' (entered at the event id #1). The JSONata expression '1' " +
        "specified for the field 'Choices[0]/Condition' returned an unexpected result type. " +
        "Expected 'boolean', but was 'number' for value: 1",
    });
  });
});
