import type { Field } from './fields.ts';

/** What the controls of a form hold: text, or a flag. By the label of the field. */
export type Entries = Readonly<Record<string, string | boolean>>;

export type FormInput =
  | { readonly ok: true; readonly input: unknown }
  /** By the label of the field. */
  | { readonly ok: false; readonly errors: Readonly<Record<string, string>> };

/** What the controls hold before a person changes them. */
export const initialEntries = (fields: readonly Field[]): Entries =>
  Object.fromEntries(fields.map((field) => [field.label, initialOf(field)]));

function initialOf({ control, initial }: Field): string | boolean {
  if (control.kind === 'flag') return initial === true;
  if (initial === undefined) return '';
  return typeof initial === 'string' ? initial : JSON.stringify(initial);
}

/** The input that a form describes. An optional field that is empty is left out; one without a path is the whole input. */
export function inputOf(fields: readonly Field[], entries: Entries): FormInput {
  let input: unknown;
  const properties: Record<string, unknown> = {};
  const errors: Record<string, string> = {};
  for (const field of fields) {
    const value = valueOf(field, entries[field.label] ?? '');
    if ('error' in value) errors[field.label] = value.error;
    else if (field.path.length === 0) input = value.value;
    else if (value.value !== undefined) put(properties, field.path, value.value);
  }
  return Object.keys(errors).length > 0 ? { ok: false, errors } : { ok: true, input: input ?? properties };
}

type Value = { readonly value: unknown } | { readonly error: string };

function valueOf({ control, required }: Field, entry: string | boolean): Value {
  if (typeof entry === 'boolean') return { value: entry || required ? entry : undefined };
  if (entry.trim() === '') return required ? { error: 'Enter a value.' } : { value: undefined };
  switch (control.kind) {
    case 'number':
      return numberOf(entry, control.whole);
    case 'lines':
      return { value: entry.split('\n').filter((line) => line.trim() !== '') };
    case 'json':
      return jsonOf(entry);
    case 'text':
    case 'choice':
    case 'flag':
      return { value: entry };
  }
}

function numberOf(entry: string, whole: boolean): Value {
  const value = Number(entry);
  if (!Number.isFinite(value)) return { error: 'Enter a number.' };
  return whole && !Number.isInteger(value) ? { error: 'Enter a whole number.' } : { value };
}

/** Parses JSON that a person typed. */
export function jsonOf(text: string): Value {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (error) {
    return { error: `Not valid JSON: ${error instanceof Error ? error.message : String(error)}.` };
  }
}

function put(into: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [name = '', ...rest] = path;
  if (rest.length === 0) {
    into[name] = value;
    return;
  }
  const below = Object.hasOwn(into, name) ? (into[name] as Record<string, unknown>) : {};
  into[name] = below;
  put(below, rest, value);
}
