import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compileTemplate } from '../../src/asl/evaluate.ts';
import { isCheap } from '../../src/asl/expressions/cheap.ts';
import { Evaluator } from '../../src/asl/expressions/evaluator.ts';
import jsonata from 'jsonata';
import { run, single } from './harness.ts';

/** No expression stops or fills the cloud: each of these ends with an error, and the cloud runs on. */

const RUNAWAYS: Readonly<Record<string, string>> = {
  'endless recursion': '($f := function($n) { $f($n + 1) }; $f(0))',
  'deep recursion': '($f := function($n) { 1 + $f($n + 1) }; $f(0))',
  'a doubled string': '($f := function($s) { $f($uppercase($s & $s)) }; $f("abcdefgh"))',
  'a doubled array': '($f := function($s) { $f($append($s, $s)) }; $f([1]))',
  'doubled arrays without recursion': `($a := [1..1e7]; ${'$a := $append($a, $a); '.repeat(20)} $count($a))`,
  'nested ranges': '[1..1e6].([1..1e6])',
  'an array shared by itself': '($f := function($s, $n) { $n = 0 ? $s : $f([$s, $s], $n - 1) }; $string($f([1], 60)))',
  'a backtracking pattern': `$contains("${'a'.repeat(60)}!", /^(a+)+$/)`,
  'long padding': '$uppercase($pad("x", 500000000) & $pad("y", 500000000))',
  'a huge result': '$pad("x", 20000000)',
};

const evaluation = (text: string) => ({ text, bindings: { states: { input: {} } }, now: 0, random: 0.5 });

describe('runaway expressions', () => {
  const evaluator = new Evaluator(700);

  it.each(Object.entries(RUNAWAYS))('%s is ended', async (_name, text) => {
    expect(isCheap(jsonata(text).ast())).toBe(false);
    const ended = evaluator.evaluate(evaluation(text));
    const behind = evaluator.evaluate(evaluation('$sum([1, 2].($ * 2))'));
    expect(await ended).toEqual({
      kind: 'failed',
      reason: expect.stringMatching(/exceed|Invalid string length/) as unknown,
    });
    expect(await behind).toEqual({ kind: 'value', value: 6 });
  });

  it('keeps the event loop of the cloud free', async () => {
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 5);
    await evaluator.evaluate(evaluation(RUNAWAYS['endless recursion'] ?? ''));
    clearInterval(timer);
    expect(turns).toBeGreaterThan(20);
  });

  const endless = `{% ${RUNAWAYS['deep recursion']} %}`;
  it.each([
    ['Output', single({ Type: 'Pass', Output: endless })],
    ['Assign', single({ Type: 'Pass', Assign: { a: endless } })],
    [
      'Choice',
      {
        StartAt: 'C',
        States: { C: { Type: 'Choice', Choices: [{ Condition: endless, Next: 'D' }] }, D: { Type: 'Succeed' } },
      },
    ],
    ['ItemSelector', map({ Items: [1], ItemSelector: endless })],
    ['Items', map({ Items: endless })],
    ['Seconds', single({ Type: 'Wait', Seconds: endless })],
    ['Arguments', single({ Type: 'Task', Resource: 'arn:aws:states:::sqs:sendMessage', Arguments: endless })],
  ])('fails a state with States.QueryEvaluationError in %s', async (_field, definition) => {
    expect((await run(definition).failure).error).toBe('States.QueryEvaluationError');
  });
});

function map(more: object): object {
  const ItemProcessor = { StartAt: 'P', States: { P: { Type: 'Pass', End: true } } };
  return single({ Type: 'Map', ItemProcessor, ...more });
}

describe('expressions that the cloud evaluates itself', () => {
  it('are those of the state machines of this project', () => {
    const root = join(import.meta.dirname, '../../../..');
    const files = globSync('{state-machines,systems/**}/*.asl.json', { cwd: root, exclude: ['**/node_modules'] });
    const text = files.map((file) => readFileSync(join(root, file), 'utf8')).join('\n');
    const expressions = [...text.matchAll(/"\{%(.*)%\}"/g)].map(([, inner = '']) => JSON.parse(`"${inner}"`) as string);
    expect(expressions.length).toBeGreaterThan(40);
    const slow = expressions.map((e) => e.replaceAll(/\$\{\w+\}/g, '1')).filter((e) => !isCheap(jsonata(e).ast()));
    expect(slow).toEqual([]);
  });

  it.each([
    '$x.[$, $].[$, $]',
    '$string($string($string($string($string($x)))))',
    '($a := $append($x, $x); $b := $append($a, $a); $b)',
    'items[$count($big) > 1]',
    '$replace(a, "x", b)',
    'a.(b.(c.{"d": $}))',
    '**',
    '$map(a, $string)',
    'a@$b.c',
    'a{b: c}',
  ])('are not those that can grow: %s', (text) => {
    expect(isCheap(jsonata(text).ast())).toBe(false);
  });

  it('give the same results in either place', async () => {
    const sources = { now: () => 1_000, random: () => 0.5 };
    const bindings = { states: { input: { n: [3, 1, 2] } }, k: 2 };
    const here = compileTemplate(
      { a: '{% $states.input.n %}', b: '{% $now() %}', c: '{% $k + 1 %}' },
      'Output',
      sources,
    );
    const away = compileTemplate(
      {
        a: '{% $map($states.input.n, function($v) { $v }) %}',
        b: '{% (function() { $now() })() %}',
        c: '{% $map([$k], function($v) { $v + 1 }) %}',
      },
      'Output',
      sources,
    );
    expect(await away.evaluate(bindings)).toEqual(await here.evaluate(bindings));
  });

  it.each([
    ['$map([1], function($v) { $nothing })[5]', 'returned nothing (undefined)'],
    ['function($x) { $x }', 'returned an unsupported result type'],
    ['$map([1], function($v) { $v + "a" })', 'threw an error during evaluation. T2002'],
  ])('fail with the words of AWS in either place: %s', async (text, words) => {
    const template = compileTemplate(`{% ${text} %}`, 'Output', { now: Date.now, random: Math.random });
    await expect(template.evaluate({})).rejects.toMatchObject({ cause: expect.stringContaining(words) as unknown });
  });
});
