import { z } from 'zod';
import { invalidRequest } from './api-error.ts';

type JsonSchema = Readonly<Record<string, unknown>>;

/** Keywords that the real API rejects. Source: the structured outputs guide, "JSON schema limitations". */
const UNSUPPORTED = [
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'maxItems',
  'uniqueItems',
  'contains',
  'patternProperties',
  'propertyNames',
  'minProperties',
  'maxProperties',
  'oneOf',
  'not',
  'if',
] as const;
const FORMATS = new Set(['date-time', 'time', 'date', 'duration', 'email', 'hostname', 'uri', 'ipv4', 'ipv6', 'uuid']);

const REMEDY =
  'Pass the schema through zodOutputFormat or jsonSchemaOutputFormat of the SDK, which remove what is not supported.';

/** Compiled schemas are cached, because an agent sends the same schema with each call. */
const KEPT_SCHEMAS = 64;
const compiled = new Map<string, z.ZodType>();

/**
 * Compiles a schema into a check of answers. Throws a 400 that names the place in the schema when the real API rejects
 * it.
 */
export function compileOutputSchema(schema: JsonSchema, field: string): z.ZodType {
  const key = JSON.stringify(schema);
  const kept = compiled.get(key);
  if (kept) return kept;
  rejectUnsupported(schema, field);
  const fresh = compile(schema, field);
  if (compiled.size >= KEPT_SCHEMAS) compiled.clear();
  compiled.set(key, fresh);
  return fresh;
}

function compile(schema: JsonSchema, field: string): z.ZodType {
  try {
    return z.fromJSONSchema(schema);
  } catch (error) {
    throw invalidRequest(field, `not a JSON schema: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function rejectUnsupported(schema: JsonSchema, field: string): void {
  const type = JSON.stringify(schema['type'] ?? 'any');
  for (const keyword of UNSUPPORTED)
    if (keyword in schema)
      throw invalidRequest(field, `For ${type} type, property '${keyword}' is not supported. ${REMEDY}`);
  const { minItems, format, $ref } = schema;
  if (typeof minItems === 'number' && minItems > 1)
    throw invalidRequest(field, `For 'array' type, 'minItems' values other than 0 or 1 are not supported. ${REMEDY}`);
  if (typeof format === 'string' && !FORMATS.has(format))
    throw invalidRequest(field, `String format '${format}' is not supported. ${REMEDY}`);
  if (typeof $ref === 'string' && !$ref.startsWith('#'))
    throw invalidRequest(field, `External $ref '${$ref}' is not supported.`);
  if (schema['type'] === 'object' && schema['additionalProperties'] !== false)
    throw invalidRequest(field, `For 'object' type, 'additionalProperties' must be explicitly set to false. ${REMEDY}`);
  for (const [path, child] of children(schema)) rejectUnsupported(child, `${field}.${path}`);
}

function* children(schema: JsonSchema): Generator<[string, JsonSchema]> {
  for (const keyword of ['properties', '$defs', 'definitions']) {
    const group = schema[keyword];
    if (!isSchema(group)) continue;
    for (const [name, child] of Object.entries(group)) if (isSchema(child)) yield [`${keyword}.${name}`, child];
  }
  for (const keyword of ['anyOf', 'allOf', 'prefixItems']) {
    const list = schema[keyword];
    if (!Array.isArray(list)) continue;
    for (const [index, child] of list.entries()) if (isSchema(child)) yield [`${keyword}.${index}`, child];
  }
  if (isSchema(schema['items'])) yield ['items', schema['items']];
}

const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
