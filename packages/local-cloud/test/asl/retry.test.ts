import { describe, expect, it } from 'vitest';
import { StateError } from '../../src/asl/errors.ts';
import { run, single } from './harness.ts';

/** A task that fails with these errors, one per call, and then succeeds with the number of its calls. */
function failing(...errors: string[]) {
  let calls = 0;
  return () => {
    const error = errors[calls];
    calls += 1;
    if (error !== undefined) throw new StateError(error, 'why');
    return calls;
  };
}

const task = (more: object) => single({ Type: 'Task', Resource: 'r', ...more });

describe('Retry', () => {
  it('waits IntervalSeconds, multiplied by BackoffRate up to MaxDelaySeconds', async () => {
    const Retry = [{ ErrorEquals: ['E'], IntervalSeconds: 2, BackoffRate: 3, MaxDelaySeconds: 10, MaxAttempts: 5 }];
    const { clock, calls, output } = run(task({ Retry }), { task: failing('E', 'E', 'E') });
    const at: number[] = [];
    for (let second = 0; second <= 18; second += 1) {
      await clock.advance(second === 0 ? 0 : 1);
      while (at.length < calls.length) at.push(second);
    }
    expect(at).toEqual([0, 2, 8, 18]);
    expect(await output).toBe(4);
  });

  it('fails after MaxAttempts', async () => {
    const { clock, calls, failure } = run(task({ Retry: [{ ErrorEquals: ['E'], MaxAttempts: 1 }] }), {
      task: failing('E', 'E', 'E'),
    });
    await clock.advance(100);
    expect(await failure).toEqual({ error: 'E', cause: 'why' });
    expect(calls).toHaveLength(2);
  });

  it('with full jitter, spreads the delay evenly from zero', async () => {
    const Retry = [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 10, JitterStrategy: 'FULL' }];
    const { clock, calls, output } = run(task({ Retry }), { task: failing('E'), random: () => 0.3 });
    await clock.advance(2.9);
    expect(calls).toHaveLength(1);
    await clock.advance(0.2);
    expect(await output).toBe(2);
  });

  it('counts each retrier separately, and the context counts all retries', async () => {
    const Retry = [
      { ErrorEquals: ['A'], MaxAttempts: 1 },
      { ErrorEquals: ['B'], MaxAttempts: 1 },
    ];
    const Arguments = '{% $states.context.State.RetryCount %}';
    const { clock, calls, output } = run(task({ Retry, Arguments }), { task: failing('A', 'B') });
    await clock.advance(10);
    expect(await output).toBe(3);
    expect(calls.map((call) => call.arguments)).toEqual([0, 1, 2]);
  });

  it.each([
    ['States.ALL', 'E', true],
    ['States.TaskFailed', 'E', true],
    ['States.TaskFailed', 'States.Timeout', false],
    ['States.ALL', 'States.Timeout', true],
    ['States.ALL', 'States.Runtime', false],
    ['States.Runtime', 'States.Runtime', false],
    ['States.ALL', 'States.DataLimitExceeded', false],
    ['States.DataLimitExceeded', 'States.DataLimitExceeded', true],
  ])('%s matches %s: %s', async (matcher, error, isRetried) => {
    const { clock, calls } = run(task({ Retry: [{ ErrorEquals: [matcher] }] }), { task: failing(error) });
    await clock.advance(1);
    expect(calls).toHaveLength(isRetried ? 2 : 1);
  });
});
