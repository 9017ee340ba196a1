import { createRequire } from 'node:module';
import type { Parser, ParserContext } from 'dynalite/db/conditionParser.js';
import { expect, test } from 'vitest';
import { keepParsed } from '../../src/services/dynamodb/expressions.ts';

const load = createRequire(import.meta.url);
// Its own copy of the parsers, beside those of the engine.
function parsers(name: string) {
  const original = load(`dynalite/db/${name}.js`) as Parser;
  const calls: string[] = [];
  const kept: Parser = {
    parse(expression, options) {
      calls.push(expression);
      return original.parse(expression, options);
    },
  };
  keepParsed(kept);
  return { original, kept, calls };
}

const context = (names: Record<string, string>, values: Record<string, object>): ParserContext => ({
  attrNames: names,
  attrVals: values,
  unusedAttrNames: Object.fromEntries(Object.keys(names).map((name) => [name, true])),
  unusedAttrVals: Object.fromEntries(Object.keys(values).map((name) => [name, true])),
  isReserved: (name) => name.toLowerCase() === 'status',
  compare: () => false,
});

const VALUES = [
  { ':a': { S: 'one' }, ':b': { N: '1' } },
  { ':a': { S: 'two' }, ':b': { N: '2' } },
  { ':a': { S: 'two' }, ':b': { L: [{ S: 'x' }] } },
  { ':a': { S: 'two' } },
];

test.each([
  ['conditionParser', '#s = :a AND (attribute_not_exists(pk) OR version < :b)'],
  ['conditionParser', '#s IN (:a, :b) AND NOT contains(tags.#s, :a) AND size(tags[0]) > :b'],
  ['conditionParser', 'status = :a'],
  ['conditionParser', '#s = :a AND #s'],
  ['conditionParser', '#s BETWEEN :a AND :b'],
  ['conditionParser', 'attribute_type(#s, :a)'],
  ['conditionParser', '#missing = :a'],
  ['updateParser', 'SET #s = :a, n = if_not_exists(n, :b) + :b, list[2] = :a REMOVE gone.#s'],
  ['updateParser', 'SET l = list_append(l, :b) ADD n :b'],
  ['updateParser', 'SET #s = :a, #s = :b'],
  ['projectionParser', 'pk, #s, list[1].name'],
])('%s gives the same for %s, whatever it has kept', (name, expression) => {
  const { original, kept } = parsers(name);
  const outcome = (parser: Parser, given: Record<string, object>) => {
    const used = context({ '#s': 'state', '#t': 'other' }, given);
    try {
      return { result: parser.parse(expression, { context: used }), used };
    } catch (error) {
      return { thrown: String(error), used };
    }
  };
  for (const values of [...VALUES, ...VALUES]) {
    const [expected, actual] = [outcome(original, values), outcome(kept, values)];
    expect(JSON.stringify(actual)).toBe(JSON.stringify(expected));
  }
});

test('an expression is parsed once per names and types of values', () => {
  const { kept, calls } = parsers('conditionParser');
  const parse = (names: Record<string, string>, value: object) =>
    kept.parse('#s = :a', { context: context(names, { ':a': value }) });
  parse({ '#s': 'state' }, { S: 'one' });
  parse({ '#s': 'state' }, { S: 'two' });
  expect(calls).toHaveLength(1);
  parse({ '#s': 'other' }, { S: 'two' });
  parse({ '#s': 'other' }, { N: '2' });
  expect(calls).toHaveLength(3);
});

test('a value that another expression of the request has used counts as used the next time too', () => {
  const { kept } = parsers('conditionParser');
  const first = context({}, { ':a': { S: 'one' } });
  delete first.unusedAttrVals[':a'];
  kept.parse('state = :a', { context: first });
  const second = context({}, { ':a': { S: 'two' } });
  kept.parse('state = :a', { context: second });
  expect(second.unusedAttrVals).toEqual({});
});

test('what dynalite changes in a parsed expression does not change what is kept', () => {
  const { kept } = parsers('conditionParser');
  const parse = () => kept.parse('state = :a', { context: context({}, { ':a': { S: 'one' } }) });
  const untouched = JSON.stringify(parse());
  Object.assign((parse() as { expression: object }).expression, { type: 'changed' });
  expect(JSON.stringify(parse())).toBe(untouched);
});
