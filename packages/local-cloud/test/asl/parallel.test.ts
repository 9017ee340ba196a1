import { describe, expect, it } from 'vitest';
import { run, single } from './harness.ts';

const wait = (Seconds: number, Output: unknown, name: string) => ({
  StartAt: name,
  States: { [name]: { Type: 'Wait', Seconds, Output, End: true } },
});

describe('Parallel', () => {
  it('runs its branches concurrently with its Arguments and returns their outputs in order', async () => {
    const Branches = [wait(5, '{% $states.input.n %}', 'A'), wait(1, 'second', 'B')];
    const { clock, output } = run(single({ Type: 'Parallel', Arguments: { n: 7 }, Branches }));
    await clock.advance(5);
    expect(await output).toEqual([7, 'second']);
  });

  it('cancels the other branches at the first failure', async () => {
    const failing = {
      StartAt: 'Short',
      States: { Short: { Type: 'Wait', Seconds: 1, Next: 'Fail' }, Fail: { Type: 'Fail', Error: 'E' } },
    };
    const { clock, failure } = run(single({ Type: 'Parallel', Branches: [wait(1000, 1, 'A'), failing] }));
    await clock.advance(1);
    expect(await failure).toEqual({ error: 'E', cause: undefined });
    expect(clock.armed).toBeLessThanOrEqual(1);
    await clock.advance(2000);
    expect(clock.armed).toBe(0);
  });
});
