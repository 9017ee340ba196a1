import { describe, expect, it } from 'vitest';
import { StateError } from '../../src/asl/errors.ts';
import { run } from './harness.ts';

function machine(more: object, state: object = { Type: 'Task', Resource: 'r' }): object {
  return {
    StartAt: 'Try',
    States: {
      Try: { ...state, ...more, Next: 'End' },
      End: { Type: 'Pass', End: true },
      Caught: {
        Type: 'Pass',
        Output: { input: '{% $states.input %}', why: '{% $exists($why) ? $why : null %}' },
        End: true,
      },
    },
  };
}

const fail = () => {
  throw new StateError('Broken', 'no page');
};

describe('Catch', () => {
  it('passes the error on when it has no Output', async () => {
    const definition = machine({ Catch: [{ ErrorEquals: ['Broken'], Next: 'Caught' }] });
    const output = { input: { Error: 'Broken', Cause: 'no page' }, why: null };
    expect(await run(definition, { task: fail }).output).toEqual(output);
  });

  it('evaluates its own Output and Assign', async () => {
    const Output = { id: '{% $states.input.id %}', error: '{% $states.errorOutput.Error %}' };
    const Catch = [
      { ErrorEquals: ['States.ALL'], Next: 'Caught', Output, Assign: { why: '{% $states.errorOutput.Cause %}' } },
    ];
    const { output } = run(machine({ Catch }), { input: { id: 3 }, task: fail });
    expect(await output).toEqual({ input: { id: 3, error: 'Broken' }, why: 'no page' });
  });

  it('uses the first catcher that matches, and fails when none does', async () => {
    const Catch = [{ ErrorEquals: ['Other'], Next: 'Caught' }];
    expect(await run(machine({ Catch }), { task: fail }).failure).toEqual({ error: 'Broken', cause: 'no page' });
  });

  it('catches the failure of an expression', async () => {
    const Catch = [{ ErrorEquals: ['States.QueryEvaluationError'], Next: 'Caught' }];
    const { output } = run(machine({ Catch, Output: '{% $states.result.missing %}' }), { task: () => ({}) });
    const cause =
      "An error occurred while executing the state 'Try' (entered at the event id #1). The JSONata expression " +
      "'$states.result.missing' specified for the field 'Output' returned nothing (undefined).";
    expect(await output).toEqual({ input: { Error: 'States.QueryEvaluationError', Cause: cause }, why: null });
  });

  it('catches the failure of a branch', async () => {
    const broken = {
      StartAt: 'Fail',
      States: { Fail: { Type: 'Fail', Error: 'Inner', Cause: '{% "n" & $states.input %}' } },
    };
    const state = { Type: 'Parallel', Branches: [broken] };
    const definition = machine({ Catch: [{ ErrorEquals: ['Inner'], Next: 'Caught' }] }, state);
    expect(await run(definition, { input: 1 }).output).toEqual({ input: { Error: 'Inner', Cause: 'n1' }, why: null });
  });
});
