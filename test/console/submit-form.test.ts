import { describe, expect, it } from 'vitest';
import { fieldsOf } from '#console/src/views/submit/fields.ts';
import { initialEntries, inputOf } from '#console/src/views/submit/input-of.ts';
import { limitsOf } from '#console/src/views/submit/limits.ts';

const SCHEMA = {
  type: 'object',
  required: ['question', 'place', 'loud'],
  properties: {
    question: { type: 'string', maxLength: 80, description: 'What to answer.' },
    kind: { type: 'string', enum: ['short', 'long'] },
    most: { type: 'integer', default: 3 },
    loud: { type: 'boolean' },
    names: { type: 'array', items: { type: 'string' } },
    rest: { anyOf: [{ type: 'string' }, { type: 'number' }] },
    place: { type: 'object', required: ['city'], properties: { city: { type: 'string' } } },
    maybe: { type: 'object', required: ['x'], properties: { x: { type: 'string' } } },
  },
};

describe('the form of a schema', () => {
  const fields = fieldsOf(SCHEMA) ?? [];

  it('has a control for each property, and JSON where there is none', () => {
    expect(fields.map(({ label, control }) => [label, control.kind])).toEqual([
      ['question', 'text'],
      ['kind', 'choice'],
      ['most', 'number'],
      ['loud', 'flag'],
      ['names', 'lines'],
      ['rest', 'json'],
      ['place.city', 'text'],
      ['maybe', 'json'],
    ]);
  });

  it('makes the input, without optional fields that are empty', () => {
    const entries = { ...initialEntries(fields), question: 'Why?', 'place.city': 'Ulm', names: 'a\n\nb', rest: '[1]' };
    expect(inputOf(fields, entries)).toEqual({
      ok: true,
      input: { question: 'Why?', most: 3, loud: false, names: ['a', 'b'], rest: [1], place: { city: 'Ulm' } },
    });
  });

  it('says at each field what is wrong', () => {
    const entries = { question: ' ', most: '1.5', loud: true, rest: '{', 'place.city': 'Ulm' };
    expect(inputOf(fields, entries)).toEqual({
      ok: false,
      errors: {
        question: 'Enter a value.',
        most: 'Enter a whole number.',
        rest: expect.stringMatching(/^Not valid JSON/),
      },
    });
  });

  it('takes a field without a path as the whole input', () => {
    const field = { path: [], label: 'Input', description: undefined, required: true, initial: undefined };
    const fields = [{ ...field, control: { kind: 'json' } as const }];
    expect(inputOf(fields, { Input: '{"a":[1]}' })).toEqual({ ok: true, input: { a: [1] } });
    expect(inputOf(fields, { Input: '' })).toEqual({ ok: false, errors: { Input: 'Enter a value.' } });
  });

  it('leaves other schemas to JSON', () => {
    for (const schema of [{}, null, 7, { type: 'string' }, { anyOf: [] }]) expect(fieldsOf(schema)).toBeNull();
  });

  it('never touches the prototype of objects', () => {
    const schema = JSON.parse(
      '{"type":"object","properties":{"__proto__":{"type":"string"},"constructor":{"type":"string"}}}',
    ) as unknown;
    const fields = fieldsOf(schema) ?? [];
    expect(fields.map(({ label }) => label)).toEqual(['constructor']);
    expect(inputOf(fields, initialEntries(fields))).toEqual({ ok: true, input: {} });
  });

  it('has the limits of every task', () => {
    expect(limitsOf({ 'Budget in US dollars': '0.5', Session: 'ada', Priority: 'high' })).toEqual({
      ok: true,
      body: { budget: { usd: 0.5 }, sessionId: 'ada', priority: 'high' },
      options: { 'budget-usd': '0.5', session: 'ada', priority: 'high' },
    });
    expect(limitsOf({ 'Budget in US dollars': 'a lot' })).toMatchObject({ ok: false });
  });
});
