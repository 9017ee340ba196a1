import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { callerContext, type Caller } from '#core/api/http/caller.ts';
import type { DocumentedOperation } from '../../support/api-document.ts';
import { almost, fromSchema } from './from-schema.ts';

/** An operation in the OpenAPI document. */
interface Described {
  readonly parameters: DocumentedOperation['parameters'];
  /** The schema of its body; null for none. */
  readonly body: object | null;
}

/** A request of a client, valid or not. */
export interface AnyRequest {
  /** By name, as in the URL. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: AnyBody | null;
  /** The authorizer's context; null for operations without a key. */
  readonly authorizer: Readonly<Record<string, string>> | null;
}

/** Describes a body. It is short to print, however large the body is. */
export type AnyBody =
  | { readonly text: string }
  | { readonly hex: string }
  | { readonly nested: number }
  | { readonly letters: number };

/** A secret in each request that no response may contain. */
export const CANARY = 'flk_canary-that-nobody-may-see-again';

/** Requests for an operation: some valid, most almost valid, some far from it. */
export function anyRequest(operation: Described, known: () => readonly string[]): fc.Arbitrary<AnyRequest> {
  const inPlace = (place: string) => operation.parameters.filter((parameter) => parameter.in === place);
  return fc.record({
    params: fc.record(Object.fromEntries(inPlace('path').map(({ name }) => [name, anyId(known())]))),
    query: anyQuery(inPlace('query')),
    headers: anyHeaders(operation.body !== null),
    body: operation.body === null ? seldom(anyBody({})) : anyBody(operation.body),
    authorizer: anyCaller(),
  });
}

/** True once in six times. */
const seldom = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> =>
  fc.oneof({ weight: 5, arbitrary: fc.constant(null) }, { weight: 1, arbitrary });

const OWN: Caller = { tenant: 'acme', keyId: 'k', scopes: ['submit', 'read', 'operate', 'fleet'], agents: null };
export const OWNER = callerContext(OWN);
const CALLERS: readonly Caller[] = [
  { ...OWN, scopes: ['read'] },
  { ...OWN, scopes: [] },
  { ...OWN, tenant: 'other' },
  { ...OWN, agents: ['somebody-else'] },
];

const anyCaller = () =>
  fc.oneof(
    { weight: 8, arbitrary: fc.constant(OWNER) },
    { weight: 3, arbitrary: fc.constantFrom(...CALLERS.map(callerContext)) },
    { weight: 1, arbitrary: fc.constantFrom(null, {}) },
  );

/** A value in a URL, escaped correctly or not. */
const anyId = (known: readonly string[]): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...known).map(encodeURIComponent) },
    { weight: 3, arbitrary: fc.string({ unit: 'grapheme', minLength: 1 }).map(encodeURIComponent) },
    {
      weight: 2,
      arbitrary: fc.constantFrom(
        '%',
        '%00',
        '%E0%A4%A',
        '..',
        '%2F..%2F',
        '__proto__',
        'x'.repeat(3_000),
        '%F0%9F%90%A6',
        '~',
      ),
    },
  );

const ODD_TEXTS = [
  '',
  ' ',
  '-1',
  '1e9',
  'NaN',
  '0x10',
  'null',
  '%00',
  '\u0000',
  '1~task',
  '~',
  '9'.repeat(400),
  '{}',
  '2026-13-45',
  '+275760-09-13',
  '2026-11-25T00:00:00+99:99',
];

function anyQuery(parameters: Described['parameters']): fc.Arbitrary<Record<string, string>> {
  const value = (schema: object) =>
    fc.oneof(
      { weight: 3, arbitrary: fromSchema(schema as Record<string, unknown>).map(String) },
      { weight: 2, arbitrary: fc.constantFrom(...ODD_TEXTS) },
      { weight: 1, arbitrary: fc.string({ unit: 'grapheme' }) },
    );
  const named = fc.record(Object.fromEntries(parameters.map(({ name, schema }) => [name, value(schema)])), {
    requiredKeys: [],
    noNullPrototype: true,
  });
  const more = seldom(fc.tuple(fc.constantFrom('__proto__', 'unknown', ''), fc.string()));
  return fc
    .tuple(named, more)
    .map(
      ([query, odd]) => Object.fromEntries([...Object.entries(query), ...(odd ? [odd] : [])]) as Record<string, string>,
    );
}

const TYPES = [
  'application/json; charset=utf-8',
  'application/vnd.api+json',
  'text/plain',
  '',
  'multipart/form-data; boundary=x',
  'application/jsonp',
  'APPLICATION/JSON',
  '\u00e9',
];
const KEYS = ['key-1', 'key-2', '', ' ', 'x'.repeat(256), 'x'.repeat(257), '\u00fc\u0001', '__proto__'];

function anyHeaders(withBody: boolean): fc.Arbitrary<Record<string, string>> {
  const type = fc.oneof(
    { weight: 6, arbitrary: fc.constant('application/json') },
    { weight: 1, arbitrary: fc.constantFrom(...TYPES) },
  );
  const name = fc.constantFrom('content-type', 'Content-Type', 'CONTENT-TYPE');
  const key = fc.option(fc.constantFrom(...KEYS), { freq: 2 });
  return fc.tuple(type, name, key, fc.boolean()).map(([typed, header, idempotency, sent]) => ({
    Authorization: `Bearer ${CANARY}`,
    ...(withBody || sent ? { [header]: typed } : {}),
    ...(idempotency === null ? {} : { 'Idempotency-Key': idempotency }),
  }));
}

/** Bodies that match the schema, almost match it, are any JSON, or are not JSON. */
export function anyBody(schema: object): fc.Arbitrary<AnyBody | null> {
  const good = fromSchema(schema as Record<string, unknown>).map(ofOneKind);
  const json = (value: unknown) => ({ text: JSON.stringify(value) ?? '' });
  const cut = fc.tuple(good, fc.nat()).map(([value, at]) => {
    const { text } = json(value);
    return { text: text.slice(0, at % (text.length || 1)) };
  });
  return fc.oneof(
    { weight: 4, arbitrary: good.map(json) },
    { weight: 8, arbitrary: almost(good).map(json) },
    { weight: 2, arbitrary: fc.json({ maxDepth: 4 }).map((text) => ({ text })) },
    { weight: 1, arbitrary: cut },
    {
      weight: 1,
      arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => ({ hex: Buffer.from(bytes).toString('hex') })),
    },
    { weight: 1, arbitrary: fc.constantFrom(20, 100, 5_000, 200_000).map((nested) => ({ nested })) },
    { weight: 1, arbitrary: fc.constantFrom(200_000, 800_000, 3_500_000).map((letters) => ({ letters })) },
    { weight: 1, arbitrary: fc.constantFrom(null, { text: '\ufeff{}' }, { text: 'null' }, { text: '[]' }) },
  );
}

/** The bytes of a body. */
export function bytesOf(body: AnyBody): Buffer {
  if ('text' in body) return Buffer.from(body.text);
  if ('hex' in body) return Buffer.from(body.hex, 'hex');
  if ('nested' in body) return taskWith(`${'['.repeat(body.nested)}${']'.repeat(body.nested)}`);
  return taskWith(JSON.stringify({ instruction: LETTERS.slice(0, body.letters) }));
}

const taskWith = (input: string): Buffer => Buffer.from(`{"agent":"parrot","input":${input}}`);

/** Text that hardly compresses. */
const LETTERS = Array.from({ length: 80_000 }, (_, index) =>
  createHash('sha256').update(String(index)).digest('base64'),
).join('');

/** Gives a task exactly one of instruction, input and inputKey, and an existing agent: by chance alone that is rare. */
function ofOneKind(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('agent' in value)) return value;
  const { input, inputKey, deadline, callback, budget, ...rest } = value as Record<string, unknown>;
  const instruction = rest['instruction'] ?? 'hello';
  const { length } = JSON.stringify([input, inputKey, deadline, callback, budget]);
  const more = [
    { instruction },
    { input: { instruction } },
    { instruction, deadline },
    { instruction, callback },
    { instruction, budget },
    { inputKey },
    { input },
  ];
  const { instruction: _, ...common } = rest;
  return { ...common, agent: 'parrot', ...more[length % more.length] };
}
