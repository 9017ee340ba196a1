import type { Json } from '../../../asl/json.ts';

/** Converts a service's response to JSON: bytes become text and dates ISO 8601; undefined fields are omitted. */
export function asJson(value: unknown): Json {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value;
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  if (Array.isArray(value)) return value.map(asJson);
  if (typeof value !== 'object') return null;
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined && typeof entry !== 'function');
  return Object.fromEntries(entries.map(([key, entry]) => [key, asJson(entry)]));
}

/** Converts a value to text as Step Functions does for text fields: everything but a string is serialized as JSON. */
export function asText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Converts one field of an object to text, if it is present. */
export function withText(values: Readonly<Record<string, Json>>, field: string): Record<string, Json> {
  const value = values[field];
  return value === undefined ? values : { ...values, [field]: asText(value) };
}

/** Converts `StateMachineArn` to `stateMachineArn` or back. The Step Functions API uses lower-case initials. */
export function recase(values: Readonly<Record<string, unknown>>, first: 'toLowerCase' | 'toUpperCase') {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [(key[0] ?? '')[first]() + key.slice(1), value]),
  );
}
