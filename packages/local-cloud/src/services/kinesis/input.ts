import { z } from 'zod';
import { ServiceError } from '../service.ts';

/** Fields that many actions share. Each error is worded as Kinesis words it: see `parseKinesis`. */
const NAME = /^[a-zA-Z0-9_.-]+$/;

export const streamName = z.string().min(1).max(128).regex(NAME);
export const streamArn = z
  .string()
  .min(1)
  .max(2048)
  .regex(/^arn:aws.*:kinesis:.*:\d{12}:stream\/\S+$/);
export const shardId = z.string().min(1).max(128).regex(NAME);
export const hashKey = z.string().regex(/^(0|([1-9]\d{0,38}))$/);
export const sequence = z.string().regex(/^(0|([1-9]\d{0,128}))$/);
/** Seconds since 1970. */
export const timestamp = z.number();
/** How an input names a stream. One of the two is required. */
export const stream = {
  StreamName: streamName.optional(),
  StreamARN: streamArn.optional(),
  StreamId: z.string().optional(),
};

/**
 * Parses an input. Throws `ValidationException` that lists every invalid field, `SerializationException` for a wrong
 * type, and names a parameter that is not supported here.
 */
export function parseKinesis<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const { issues } = parsed.error;
  const unknown = issues.find((issue) => issue.code === 'unrecognized_keys');
  if (unknown?.code === 'unrecognized_keys') {
    const names = unknown.keys.join(', ');
    throw new ServiceError(
      'ValidationException',
      `The local cloud does not support the parameter ${names}. Remove it.`,
    );
  }
  const wrong = issues.find((issue) => issue.code === 'invalid_type' && !isMissing(valueAt(input, issue.path)));
  if (wrong !== undefined) {
    throw new ServiceError('SerializationException', `${pathOf(wrong.path)}: ${wrong.message}`);
  }
  const texts = issues.map((issue) => {
    const value = valueAt(input, issue.path);
    const shown = isMissing(value) ? 'null' : `'${typeof value === 'string' ? value : JSON.stringify(value)}'`;
    return `Value ${shown.slice(0, 300)} at '${pathOf(issue.path)}' failed to satisfy constraint: ${constraint(issue)}`;
  });
  const count = `${texts.length} validation error${texts.length > 1 ? 's' : ''} detected`;
  throw new ServiceError('ValidationException', `${count}: ${texts.join('; ')}`);
}

function constraint(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return 'Member must not be null';
  if (issue.code === 'too_small') {
    return `Member must have ${measure(issue.origin)} greater than or equal to ${issue.minimum}`;
  }
  if (issue.code === 'too_big')
    return `Member must have ${measure(issue.origin)} less than or equal to ${issue.maximum}`;
  if (issue.code === 'invalid_format') {
    return `Member must satisfy regular expression pattern: ${(issue.pattern ?? '').replaceAll(/^\/\^|\$\/$/g, '')}`;
  }
  if (issue.code === 'invalid_value') {
    return `Member must satisfy enum value set: [${issue.values.map(String).join(', ')}]`;
  }
  return issue.message;
}

const measure = (origin: string): string => (origin === 'string' || origin === 'array' ? 'length' : 'value');

/** `records.2.member.partitionKey`, as Kinesis names a field. */
function pathOf(path: readonly PropertyKey[]): string {
  return path
    .flatMap((part) => (typeof part === 'number' ? [String(part + 1), 'member'] : [lowerFirst(String(part))]))
    .join('.');
}

const lowerFirst = (text: string): string => `${text.slice(0, 1).toLowerCase()}${text.slice(1)}`;

const isMissing = (value: unknown): boolean => value === undefined || value === null;

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const key of path) value = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  return value;
}
