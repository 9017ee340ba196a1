/** Returns the text of a field; empty when the input has none. */
export function text(input: unknown, field: string): string {
  const value = fieldOf(input, field);
  return typeof value === 'string' ? value : '';
}

/** Returns the elements of a field; empty when the input has no such list. */
export function list(input: unknown, field: string): readonly unknown[] {
  const value = fieldOf(input, field);
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

/** Returns the entries of a field by name; empty when the input has no such map. */
export function entries(input: unknown, field: string): readonly (readonly [string, unknown])[] {
  const value = fieldOf(input, field);
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

function fieldOf(input: unknown, field: string): unknown {
  return typeof input === 'object' && input !== null ? Reflect.get(input, field) : undefined;
}
