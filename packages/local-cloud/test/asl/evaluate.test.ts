import { describe, expect, it } from 'vitest';
import { InvalidDefinition } from '../../src/asl/errors.ts';
import { compileTemplate } from '../../src/asl/evaluate.ts';
import type { Json } from '../../src/asl/json.ts';

const sources = { now: () => Date.UTC(2026, 0, 1, 12), random: () => 0.25 };

function evaluate(source: Json, input: Json = {}): Promise<Json> {
  return compileTemplate(source, 'Output', sources).evaluate({ states: { input }, count: 3 });
}

describe('JSONata fields', () => {
  it('evaluates every string from {% to %} and leaves the rest unchanged', async () => {
    const source = { a: '{% $states.input.n + $count %}', b: ['{% 1 %}', { c: 'no {% 1 %}' }], d: true };
    expect(await evaluate(source, { n: 4 })).toEqual({ a: 7, b: [1, { c: 'no {% 1 %}' }], d: true });
  });

  it('fails on undefined and names the field as AWS does', async () => {
    await expect(evaluate({ x: { y: '{% $nothing %}' } })).rejects.toMatchObject({
      error: 'States.QueryEvaluationError',
      cause: "The JSONata expression '$nothing' specified for the field 'Output/x/y' returned nothing (undefined).",
    });
  });

  it('fails when the result is a function and when evaluation fails', async () => {
    await expect(evaluate('{% function($x){$x} %}')).rejects.toMatchObject({
      cause: expect.stringContaining('returned an unsupported result type.') as unknown,
    });
    await expect(evaluate('{% 1 + "a" %}')).rejects.toMatchObject({
      cause: expect.stringContaining('threw an error during evaluation. T2002') as unknown,
    });
  });

  it('returns plain JSON, so that no mark of jsonata changes how a result behaves as an input', async () => {
    const list = await evaluate('{% $states.input.items.id %}', { items: [{ id: 1 }, { id: 2 }] });
    expect(Object.getOwnPropertyNames(list)).toEqual(['0', '1', 'length']);
    expect(await evaluate('{% $states.input.items.id %}', { items: [{ id: 1 }] })).toBe(1);
    expect(await evaluate('{% [$states.input.items.id] %}', { items: [{ id: 1 }] })).toEqual([1]);
  });

  it('rejects $eval and invalid expressions when compiling', () => {
    expect(() => compileTemplate('{% $eval("1") %}', 'Output', sources)).toThrow(InvalidDefinition);
    expect(() => compileTemplate('{% 1 + %}', 'Output', sources)).toThrow(/invalid JSONata expression '1 \+'/);
    expect(() => compileTemplate('{% "$eval" %}', 'Output', sources)).not.toThrow();
  });
});

describe('functions of Step Functions', () => {
  it.each<[string, Json]>([
    ['$partition([1,2,3,4,5], 2)', [[1, 2], [3, 4], [5]]],
    ['$partition([], 2)', []],
    ['$range(0, 9, 3)', [0, 3, 6, 9]],
    ['$range(3, 1, -1)', [3, 2, 1]],
    ['$range(3, 1, 1)', []],
    ['$hash("hello", "MD5")', '5d41402abc4b2a76b9719d911017c592'],
    ['$hash("hello", "SHA-256")', '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824'],
    ['$parse("{\\"a\\":[1]}")', { a: [1] }],
    ['$random()', 0.25],
    ['$random(7) = $random(7)', true],
    ['$length($uuid())', 36],
    ['$millis()', Date.UTC(2026, 0, 1, 12)],
    ['$now()', '2026-01-01T12:00:00.000Z'],
    ['$now("[Y0001]-[M01]-[D01]")', '2026-01-01'],
  ])('%s', async (expression, expected) => {
    expect(await evaluate(`{% ${expression} %}`)).toEqual(expected);
  });

  it.each(['$partition([1], 0)', '$range(0, 1, 0)', '$range(0, 5000, 1)', '$hash("a", "CRC")', '$parse("{")'])(
    '%s fails',
    async (expression) => {
      await expect(evaluate(`{% ${expression} %}`)).rejects.toMatchObject({ error: 'States.QueryEvaluationError' });
    },
  );
});
