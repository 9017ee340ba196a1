import { InvalidDefinition } from './errors.ts';
import { compileTemplate, type Template } from './evaluate.ts';
import type { Sources } from './expressions/functions.ts';
import type { Json } from './json.ts';

/** Options for compiling a definition. */
export interface CompileOptions {
  readonly sources: Sources;
  /** Returns the problem of a Task's Resource; undefined when it is valid. */
  checkResource(resource: string): string | undefined;
}

/** The position of the compiler, and what the states there inherit. */
export interface Scope extends CompileOptions {
  /** A JSON pointer such as `/States/Send`, named in errors. */
  readonly at: string;
  readonly jsonata: boolean;
  /** Whether these states run in Express executions, which cannot wait for tokens or jobs. */
  readonly express: boolean;
  /** The names of all states so far. A name must be unique in the whole state machine. */
  readonly names: Set<string>;
}

/** Throws the error that AWS returns for a definition that does not match the schema. */
export function invalidDefinition(problem: string, at: string): never {
  throw new InvalidDefinition(`SCHEMA_VALIDATION_FAILED: ${problem} at ${at === '' ? '/' : at}`);
}

/** Compiles an optional field. `name` is its path in the state, as AWS names it in errors. */
export function compileField(value: Json | undefined, name: string, scope: Scope): Template | undefined {
  if (value === undefined) return undefined;
  try {
    return compileTemplate(value, name, scope.sources);
  } catch (error) {
    if (error instanceof InvalidDefinition) invalidDefinition(error.message, `${scope.at}/${name}`);
    throw error;
  }
}

/** Compiles a required field. */
export function requiredField(value: Json, name: string, scope: Scope): Template {
  return compileField(value, name, scope) as Template;
}
