import { describe, expect, it } from 'vitest';
import { run, single } from './harness.ts';

const each = (state: object) => ({ StartAt: 'Do', States: { Do: { End: true, ...state } } });

describe('inline Map', () => {
  it('runs an iteration for each item, applies ItemSelector and keeps the order', async () => {
    const definition = single({
      Type: 'Map',
      Items: '{% $states.input.names %}',
      ItemSelector: {
        name: '{% $states.context.Map.Item.Value %}',
        index: '{% $states.context.Map.Item.Index %}',
        of: '{% $count($states.input.names) %}',
      },
      ItemProcessor: each({ Type: 'Wait', Seconds: '{% 3 - $states.input.index %}' }),
    });
    const { clock, output } = run(definition, { input: { names: ['a', 'b', 'c'] } });
    await clock.advance(3);
    expect(await output).toEqual(['a', 'b', 'c'].map((name, index) => ({ name, index, of: 3 })));
  });

  it('maps its input when it has no Items', async () => {
    const definition = single({
      Type: 'Map',
      ItemProcessor: each({ Type: 'Pass', Output: '{% $states.input * 2 %}' }),
    });
    expect(await run(definition, { input: [1, 2] }).output).toEqual([2, 4]);
    expect(await run(definition, { input: [] }).output).toEqual([]);
    expect((await run(definition, { input: 5 }).failure).cause).toContain(
      'Map state input must be an array but was: 5',
    );
  });

  it('rejects Items that are not an array', async () => {
    const definition = single({ Type: 'Map', Items: "{% {'foo': 'bar'} %}", ItemProcessor: each({ Type: 'Pass' }) });
    const expected = `returned an unexpected result type. Expected 'array', but was 'object' for value: {"foo":"bar"}`;
    expect((await run(definition).failure).cause).toContain(expected);
  });

  it.each([
    [2, 2],
    [0, 40],
    [100, 40],
  ])('with MaxConcurrency %i runs %i at once', async (MaxConcurrency, expected) => {
    let open = 0;
    let most = 0;
    const definition = single({ Type: 'Map', MaxConcurrency, ItemProcessor: each({ Type: 'Task', Resource: 'r' }) });
    const { output } = run(definition, {
      input: Array.from({ length: 100 }, (_, index) => index),
      task: async () => {
        open += 1;
        most = Math.max(most, open);
        await new Promise((resolve) => setImmediate(resolve));
        open -= 1;
        return null;
      },
    });
    await output;
    expect(most).toBe(expected);
  });

  it('deletes its frames', async () => {
    const { frames, output } = run(single({ Type: 'Map', ItemProcessor: each({ Type: 'Pass' }) }), {
      input: [1, 2, 3],
    });
    await output;
    expect([...frames.keys()]).toEqual(['']);
  });

  it('distinguishes nested iterations', async () => {
    const inner = {
      Type: 'Map',
      ItemSelector: '{% $states.context.Map.Item.Value %}',
      ItemProcessor: {
        StartAt: 'In',
        States: { In: { Type: 'Pass', Output: '{% $states.context.Map.Item.Index %}', End: true } },
      },
    };
    const { output } = run(single({ Type: 'Map', ItemProcessor: each(inner) }), { input: [['a', 'b'], ['c']] });
    expect(await output).toEqual([[0, 1], [0]]);
  });
});
