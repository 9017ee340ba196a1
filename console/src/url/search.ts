import type { z } from 'zod';

type Shape = Readonly<Record<string, z.ZodType>>;
type Values<Fields extends Shape> = { readonly [Name in keyof Fields]?: z.output<Fields[Name]> };

export interface SearchState<Fields extends Shape> {
  readonly values: Values<Fields>;
  /** Parameters whose value is invalid, such as `status=lost`. A page shows them, since it would otherwise show too much. */
  readonly ignored: readonly string[];
}

/** Parses the search string of a URL. Parameters that the shape does not name are left alone. */
export function parseSearch<Fields extends Shape>(shape: Fields, search: string): SearchState<Fields> {
  const given = new URLSearchParams(search);
  const values: Record<string, unknown> = {};
  const ignored: string[] = [];
  for (const [name, schema] of Object.entries(shape)) {
    const text = given.get(name);
    if (text === null || text === '') continue;
    const parsed = schema.safeParse(text);
    if (parsed.success) values[name] = parsed.data;
    else ignored.push(`${name}=${text}`);
  }
  return { values: values as Values<Fields>, ignored };
}

/** The search string with some parameters changed; undefined and empty text remove one. The order stays. */
export function changeSearch(search: string, changes: Readonly<Record<string, string | number | undefined>>): string {
  const changed = new URLSearchParams(search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined || value === '') changed.delete(name);
    else changed.set(name, String(value));
  }
  return changed.toString();
}

/** A path with a search string, without parameters that are undefined. */
export function pathWith(path: string, query: Readonly<Record<string, string | number | undefined>>): string {
  const search = changeSearch('', query);
  return search === '' ? path : `${path}?${search}`;
}
