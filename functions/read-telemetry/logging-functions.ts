import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { LOGGING_FUNCTIONS, loggingFunctionSchema, type LoggingFunction } from './env.ts';

/** The functions whose logs can be read, from the file that synthesis writes next to the function's code. */
export function loggingFunctions(): readonly LoggingFunction[] {
  const file = readFileSync(new URL(`./${LOGGING_FUNCTIONS}`, import.meta.url), 'utf8');
  return z.array(loggingFunctionSchema).parse(JSON.parse(file));
}
