import type { z } from 'zod';
import { isObject } from './json.ts';
import { invalidDefinition, type Scope } from './scope.ts';

/** Parses a part of a definition. Throws an `InvalidDefinition` that names every invalid field. */
export function read<Schema extends z.ZodType>(schema: Schema, value: unknown, at: string): z.infer<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => {
    const field = issue.path.join('/');
    return field === '' ? issue.message : `${field}: ${issue.message}`;
  });
  return invalidDefinition(problems.join('; '), at);
}

/** Fields that only JSONPath states may have. */
const JSONPATH_FIELDS = [
  'InputPath',
  'Parameters',
  'ResultSelector',
  'ResultPath',
  'OutputPath',
  'ItemsPath',
  'Result',
];

/** Rejects states in JSONPath mode and JSONPath fields in JSONata states, and says what to write instead. */
export function checkJsonata(raw: unknown, name: string, scope: Scope): void {
  if (!isObject(raw)) return;
  const language = raw['QueryLanguage'] ?? (scope.jsonata ? 'JSONata' : 'JSONPath');
  if (language !== 'JSONata') {
    invalidDefinition(
      `the state '${name}' is in JSONPath mode, which is not supported here: ` +
        `set "QueryLanguage": "JSONata" at the top of the definition`,
      scope.at,
    );
  }
  const field = JSONPATH_FIELDS.find((field) => field in raw);
  if (field !== undefined) {
    invalidDefinition(`${field} is a JSONPath field: in a JSONata state use Arguments, Output and Assign`, scope.at);
  }
}
