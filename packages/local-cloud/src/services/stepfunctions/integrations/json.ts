import type { Json } from '../../../asl/json.ts';

/** A service's answer as JSON: bytes as text, dates in ISO 8601, nothing undefined. */
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

/** A field that services take as text: anything but a string is written as JSON, as Step Functions does. */
export function asText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** An object with one field as text where it is there. */
export function withText(values: Readonly<Record<string, Json>>, field: string): Record<string, Json> {
  const value = values[field];
  return value === undefined ? values : { ...values, [field]: asText(value) };
}

/** `StateMachineArn` as `stateMachineArn` and back: Step Functions' own API begins its fields with small letters. */
export function recase(values: Readonly<Record<string, unknown>>, first: 'toLowerCase' | 'toUpperCase') {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [(key[0] ?? '')[first]() + key.slice(1), value]),
  );
}
