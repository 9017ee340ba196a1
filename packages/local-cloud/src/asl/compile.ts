import { checkVariables } from './check.ts';
import { compileFlow } from './compile-state.ts';
import type { Machine } from './definition.ts';
import { InvalidDefinition } from './errors.ts';
import { isObject } from './json.ts';
import type { CompileOptions } from './scope.ts';
import { read } from './read.ts';
import { machineSchema } from './schema.ts';

/** Parses, checks and compiles a definition in Amazon States Language. Throws `InvalidDefinition`. */
export function compile(definition: string, options: CompileOptions): Machine {
  const written = read(machineSchema, parseJson(definition), '/');
  const flow = compileFlow(written, {
    ...options,
    at: '',
    jsonata: written.QueryLanguage === 'JSONata',
    express: false,
    names: new Set(),
  });
  checkVariables(flow, new Set());
  return { flow, timeoutSeconds: written.TimeoutSeconds };
}

function parseJson(definition: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(definition);
  } catch (error) {
    throw new InvalidDefinition(`INVALID_JSON_DESCRIPTION: ${String(error)}`);
  }
  if (!isObject(value)) throw new InvalidDefinition('INVALID_JSON_DESCRIPTION: Definition must be a valid JSON object');
  return value;
}
