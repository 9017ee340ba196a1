import { jsonSchemaOutputFormat } from '@anthropic-ai/sdk/helpers/json-schema';
import { FailureError } from '#core/failures/failure.ts';
import type { JsonSchema } from '#core/ports/model.ts';

type Fields = Record<string, unknown>;

const ready = new WeakMap<JsonSchema, Fields>();

/**
 * Converts a JSON Schema to the subset that Claude's structured output supports: closed objects, and no lengths, ranges
 * or patterns (platform.claude.com, "Structured outputs"). Unsupported constraints go into the descriptions, so that the
 * model still sees them; the agent's zod schema validates all of them afterwards. Throws a permanent `FailureError` that
 * names the field if the API cannot produce it: a root that is not an object, an object with free keys, an untyped value.
 */
export function structuredSchema(schema: JsonSchema): Fields {
  const known = ready.get(schema);
  if (known) return known;
  if (schema['type'] !== 'object') refuse('output', 'must be an object: put the value into a field of one');
  const { schema: made } = jsonSchemaOutputFormat({ ...simplified(schema, 'output'), type: 'object' });
  ready.set(schema, made);
  return made;
}

/** Keywords whose value is a map of schemas, and keywords whose value is a list of schemas. */
const NAMED = new Set(['properties', '$defs']);
const LISTED = ['anyOf', 'oneOf', 'allOf'];
const TYPED = ['type', '$ref', 'enum', 'const', ...LISTED];

/** Removes details that zod adds and no model needs: safe-integer ranges, and patterns of named formats. */
function simplified(schema: Fields, path: string): Fields {
  if (typeof schema['additionalProperties'] === 'object') {
    refuse(path, 'can have no free keys: make it an array of {key, value}');
  }
  if (!TYPED.some((keyword) => keyword in schema))
    refuse(path, 'needs a type: the model must know what to write there');
  const kept = Object.entries(schema).filter(([keyword, value]) => !isNoise(schema, keyword, value));
  return Object.fromEntries(kept.map(([keyword, value]) => [keyword, within(keyword, value, path)]));
}

function within(keyword: string, value: unknown, path: string): unknown {
  if (NAMED.has(keyword) && isFields(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([name, entry]) => [
        name,
        isFields(entry) ? simplified(entry, `${path}.${name}`) : entry,
      ]),
    );
  }
  if (LISTED.includes(keyword) && Array.isArray(value)) {
    return value.map((entry: unknown) => (isFields(entry) ? simplified(entry, path) : entry));
  }
  return keyword === 'items' && isFields(value) ? simplified(value, `${path}[]`) : value;
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function isNoise(schema: Fields, keyword: string, value: unknown): boolean {
  if (keyword === 'minimum' || keyword === 'maximum') return Math.abs(Number(value)) === Number.MAX_SAFE_INTEGER;
  return keyword === 'pattern' && typeof schema['format'] === 'string';
}

function refuse(path: string, problem: string): never {
  throw new FailureError({
    kind: 'permanent',
    reason: `The agent's output schema is not supported by structured output: ${path} ${problem}.`,
  });
}
