import * as fc from 'fast-check';

type Json = Readonly<Record<string, unknown>>;

/** Values that match a JSON schema. Supports the keywords that the API's schemas use. */
export function fromSchema(schema: Json): fc.Arbitrary<unknown> {
  const { enum: choices, const: only, anyOf, type } = schema;
  if (Array.isArray(choices)) return fc.constantFrom(...(choices as unknown[]));
  if (only !== undefined) return fc.constant(only);
  if (Array.isArray(anyOf)) return fc.oneof(...(anyOf as Json[]).map(fromSchema));
  switch (type) {
    case 'string':
      return textOf(schema);
    case 'integer':
    case 'number':
      return numberOf(schema, type);
    case 'boolean':
      return fc.boolean();
    case 'array':
      return fc.array(fromSchema((schema['items'] ?? {}) as Json), {
        minLength: Number(schema['minItems'] ?? 0),
        maxLength: 3,
      });
    case 'object':
      return objectOf(schema);
    default:
      return fc.jsonValue({ maxDepth: 3 });
  }
}

function textOf({ pattern, format, minLength = 0, maxLength = 64 }: Json): fc.Arbitrary<string> {
  if (format === 'date-time') return aDate.map((date) => date.toISOString());
  if (format === 'date') return aDate.map((date) => date.toISOString().slice(0, 10));
  if (format === 'uri') return fc.webUrl({ withQueryParameters: true });
  if (typeof pattern === 'string') return fc.stringMatching(new RegExp(pattern));
  return fc.string({ unit: 'binary', minLength: Number(minLength), maxLength: Math.min(64, Number(maxLength)) });
}

const aDate = fc.date({ min: new Date('2020-01-01'), max: new Date('2040-01-01'), noInvalidDate: true });

function numberOf({ minimum, exclusiveMinimum, maximum }: Json, type: 'integer' | 'number'): fc.Arbitrary<number> {
  const min = Number(minimum ?? (exclusiveMinimum === undefined ? -1_000 : Number(exclusiveMinimum) + 1));
  const max = Math.max(min, Math.min(Number(maximum ?? 1e6), 1e6));
  return type === 'integer' ? fc.integer({ min: Math.ceil(min), max }) : fc.double({ min, max, noNaN: true });
}

function objectOf({
  properties = {},
  required = [],
  additionalProperties,
  propertyNames,
}: Json): fc.Arbitrary<unknown> {
  const fields = Object.entries(properties as Record<string, Json>);
  if (fields.length === 0 && typeof additionalProperties === 'object') {
    const names = fromSchema((propertyNames ?? { type: 'string' }) as Json) as fc.Arbitrary<string>;
    return fc.dictionary(names, fromSchema(additionalProperties as Json), { maxKeys: 4 });
  }
  const values = Object.fromEntries(fields.map(([name, schema]) => [name, fromSchema(schema)]));
  return fc.record(values, { requiredKeys: required as string[], noNullPrototype: true });
}

/** Values that no schema expects. */
const ODD: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1e308,
  0.1,
  '',
  ' ',
  '\u0000',
  'x'.repeat(70_000),
  '2026-02-30T25:61:00Z',
  'http://169.254.169.254/latest/meta-data',
  [],
  {},
  [[[[]]]],
  { length: 1e9 },
];
const ODD_NAMES = ['__proto__', 'constructor', 'toString', '', 'unknown', 'a.b', '\u0000'];

/** The same values with one change: a field removed, replaced or added. */
export function almost(value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const other = fc.oneof(fc.constantFrom(...ODD), fc.jsonValue({ maxDepth: 2 }));
  return fc
    .tuple(value, fc.nat(), fc.constantFrom('without', 'other', 'more'), other, fc.constantFrom(...ODD_NAMES))
    .map(([good, at, how, odd, name]) => changed(good, at, how, odd, name));
}

function changed(value: unknown, at: number, how: 'without' | 'other' | 'more', odd: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return odd;
  const entries = Object.entries(value);
  if (how === 'more') return rebuilt(value, [...entries, [name, odd]]);
  if (entries.length === 0) return odd;
  const place = at % entries.length;
  const [key, inner] = entries[place] as [string, unknown];
  if (how === 'without') return rebuilt(value, entries.toSpliced(place, 1));
  const isDeep = typeof inner === 'object' && inner !== null && at % 2 === 0;
  return rebuilt(value, entries.with(place, [key, isDeep ? changed(inner, at >> 1, how, odd, name) : odd]));
}

function rebuilt(like: unknown, all: readonly (readonly [string, unknown])[]): unknown {
  const entries = all.filter(([, item]) => item !== undefined);
  if (Array.isArray(like)) return entries.map(([, item]) => item);
  // Copied as text, because `__proto__` is an ordinary field in JSON.
  return JSON.parse(
    `{${entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`,
  );
}
