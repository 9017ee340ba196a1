import { describe, expect, it } from 'vitest';
import { run, single } from './harness.ts';

describe('payloads over 256 KiB', () => {
  const big = 'x'.repeat(262_143);

  it('fail a task with States.DataLimitExceeded, which States.ALL does not catch', async () => {
    const Catch = [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }];
    const definition = {
      StartAt: 'Only',
      States: { Only: { Type: 'Task', Resource: 'r', Catch, End: true }, Caught: { Type: 'Pass', End: true } },
    };
    const { failure } = run(definition, { task: () => big });
    expect(await failure).toEqual({
      error: 'States.DataLimitExceeded',
      cause: "The state/task 'Only' returned a result with a size exceeding the maximum number of bytes service limit.",
    });
  });

  it('are measured in bytes of UTF-8', async () => {
    const Output = '{% $pad("", $states.input.n, $states.input.c) %}';
    const length = async (c: string, n: number) =>
      ((await run(single({ Type: 'Pass', Output }), { input: { c, n } }).output) as string).length;
    expect(await length('x', 262_142)).toBe(262_142);
    await expect(length('ü', 131_072)).rejects.toMatchObject({ error: 'States.DataLimitExceeded' });
  });
});
