/** A field's text; empty when the input has none. */
export function text(input: unknown, field: string): string {
  const value: unknown = typeof input === 'object' && input !== null ? Reflect.get(input, field) : undefined;
  return typeof value === 'string' ? value : '';
}

/** A field's elements; none when the input has no such list. */
export function list(input: unknown, field: string): readonly unknown[] {
  const value: unknown = typeof input === 'object' && input !== null ? Reflect.get(input, field) : undefined;
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

/** A field's entries by name; none when the input has no such map. */
export function entries(input: unknown, field: string): readonly (readonly [string, unknown])[] {
  const value: unknown = typeof input === 'object' && input !== null ? Reflect.get(input, field) : undefined;
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}
