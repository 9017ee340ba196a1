type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Objects whose fields are the client's own or ids, so that a release adds none. */
const OPEN: ReadonlySet<string> = new Set(['input', 'output', 'metadata', 'holders']);

/** The field that a newer release has added to an object. */
export const LATER = 'laterField';

/** The value with a further field in every object, as a newer release may have written it. */
export function planted<Value>(value: Value, path = 'record'): Value {
  if (Array.isArray(value)) return value.map((item, index) => planted<unknown>(item, `${path}.${index}`)) as Value;
  if (!isObject(value)) return value;
  const fields = Object.entries(value).map(([name, inner]) => [
    name,
    OPEN.has(name) ? inner : planted(inner, `${path}.${name}`),
  ]);
  return { ...Object.fromEntries(fields), [LATER]: { at: path } } as Value;
}

/** The paths of the objects that have a planted field. */
export function plantsIn(value: unknown, path = 'record'): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => plantsIn(item, `${path}.${index}`));
  if (!isObject(value)) return [];
  const below = Object.entries(value)
    .filter(([name]) => name !== LATER)
    .flatMap(([name, inner]) => plantsIn(inner, `${path}.${name}`));
  return LATER in value ? [path, ...below] : below;
}
