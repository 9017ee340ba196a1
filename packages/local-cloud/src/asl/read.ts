import type { z } from 'zod';
import { isObject } from './json.ts';
import { refuse, type Place } from './place.ts';

/** Reads a part of a definition by its schema, or refuses it naming every field that does not fit. */
export function read<Schema extends z.ZodType>(schema: Schema, value: unknown, at: string): z.infer<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => {
    const field = issue.path.join('/');
    return field === '' ? issue.message : `${field}: ${issue.message}`;
  });
  return refuse(problems.join('; '), at);
}

/** The fields that only JSONPath states have. */
const JSONPATH_FIELDS = [
  'InputPath',
  'Parameters',
  'ResultSelector',
  'ResultPath',
  'OutputPath',
  'ItemsPath',
  'Result',
];

/** Refuses a state in JSONPath mode, and JSONPath's fields in a JSONata state, saying what to write instead. */
export function checkJsonata(raw: unknown, name: string, place: Place): void {
  if (!isObject(raw)) return;
  const language = raw['QueryLanguage'] ?? (place.jsonata ? 'JSONata' : 'JSONPath');
  if (language !== 'JSONata') {
    refuse(
      `the state '${name}' is in JSONPath mode, which is not supported here: ` +
        `set "QueryLanguage": "JSONata" at the top of the definition`,
      place.at,
    );
  }
  const field = JSONPATH_FIELDS.find((field) => field in raw);
  if (field !== undefined) {
    refuse(`${field} belongs to JSONPath; a JSONata state has Arguments, Output and Assign instead`, place.at);
  }
}
