import { z } from 'zod';

/** A field of a form, made from a property of a JSON schema. */
export interface Field {
  /** Where its value lies in the input, such as `['document', 'title']`. */
  readonly path: readonly string[];
  readonly label: string;
  readonly description: string | undefined;
  readonly required: boolean;
  readonly control:
    | { readonly kind: 'text'; readonly long: boolean; readonly most: number | undefined }
    | { readonly kind: 'number'; readonly whole: boolean }
    | { readonly kind: 'flag' }
    | { readonly kind: 'choice'; readonly of: readonly string[] }
    | { readonly kind: 'lines' }
    | { readonly kind: 'json' };
  readonly initial: unknown;
}

const schemaSchema = z.looseObject({
  type: z.string().optional(),
  description: z.string().optional(),
  enum: z.array(z.unknown()).optional(),
  default: z.unknown().optional(),
  maxLength: z.number().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).optional(),
  items: z.unknown().optional(),
});
type JsonSchema = z.infer<typeof schemaSchema>;

/** Levels of objects that become fields of their own. Deeper ones are written as JSON. */
const MAX_DEPTH = 3;
/** Longest text, in characters, that has one line. */
const ONE_LINE = 200;

/**
 * The fields of a form for an input that matches a schema. Parts that have no control of their own, such as unions, are
 * written as JSON, so that every input can be submitted. Null if the input as a whole is written as JSON.
 */
export function fieldsOf(schema: unknown): readonly Field[] | null {
  const parsed = parse(schema);
  return parsed.type === 'object' && parsed.properties !== undefined ? fieldsBelow(parsed, [], 1) : null;
}

function fieldsBelow({ properties = {}, required = [] }: JsonSchema, path: readonly string[], depth: number): Field[] {
  return Object.entries(properties).flatMap(([name, property]) => {
    const schema = parse(property);
    const below = [...path, name];
    const isRequired = required.includes(name);
    // The fields of an optional object would make it required.
    if (schema.type === 'object' && schema.properties !== undefined && isRequired && depth < MAX_DEPTH)
      return fieldsBelow(schema, below, depth + 1);
    return [fieldOf(schema, below, isRequired)];
  });
}

const fieldOf = (schema: JsonSchema, path: readonly string[], required: boolean): Field => ({
  path,
  label: path.join('.'),
  description: schema.description,
  required,
  control: controlOf(schema),
  initial: schema.default,
});

function controlOf(schema: JsonSchema): Field['control'] {
  if (schema.enum?.every((value) => typeof value === 'string') === true) return { kind: 'choice', of: schema.enum };
  switch (schema.type) {
    case 'string':
      return { kind: 'text', long: (schema.maxLength ?? Infinity) > ONE_LINE, most: schema.maxLength };
    case 'integer':
      return { kind: 'number', whole: true };
    case 'number':
      return { kind: 'number', whole: false };
    case 'boolean':
      return { kind: 'flag' };
    case 'array':
      return parse(schema.items).type === 'string' && parse(schema.items).enum === undefined
        ? { kind: 'lines' }
        : { kind: 'json' };
    case undefined:
    default:
      return { kind: 'json' };
  }
}

function parse(schema: unknown): JsonSchema {
  const parsed = schemaSchema.safeParse(schema);
  return parsed.success ? parsed.data : {};
}
