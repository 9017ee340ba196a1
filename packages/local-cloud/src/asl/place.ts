import { InvalidDefinition } from './errors.ts';
import { compileTemplate, type Template } from './evaluate.ts';
import type { Sources } from './functions.ts';
import type { Json } from './json.ts';

/** What a definition is compiled with. */
export interface CompileOptions {
  readonly sources: Sources;
  /** Says what is wrong with a Task's Resource; undefined where nothing is. */
  checkResource(resource: string): string | undefined;
}

/** Where the compiler is, and what its states inherit. */
export interface Place extends CompileOptions {
  /** A JSON pointer such as `/States/Send`, named in errors. */
  readonly at: string;
  readonly jsonata: boolean;
  /** Whether these states run in Express executions, which wait for nothing outside. */
  readonly express: boolean;
  /** The names of all states so far: a name is used once in a whole machine. */
  readonly names: Set<string>;
}

/** Throws the error that AWS answers to a definition that does not fit the language. */
export function refuse(problem: string, at: string): never {
  throw new InvalidDefinition(`SCHEMA_VALIDATION_FAILED: ${problem} at ${at === '' ? '/' : at}`);
}

/** Compiles an optional field. `name` is its place in the state, as AWS names it in errors. */
export function field(value: Json | undefined, name: string, place: Place): Template | undefined {
  if (value === undefined) return undefined;
  try {
    return compileTemplate(value, name, place.sources);
  } catch (error) {
    if (error instanceof InvalidDefinition) refuse(error.message, `${place.at}/${name}`);
    throw error;
  }
}

/** Compiles a field that is there. */
export function needed(value: Json, name: string, place: Place): Template {
  return field(value, name, place) as Template;
}
