import type { z } from 'zod';
import { plainIssue } from '#core/parse/plain-message.ts';

/** Parses the function's environment at cold start. Throws an `Error` that names every invalid variable. */
export function parseEnv<Schema extends z.ZodType>(
  schema: Schema,
  environment: NodeJS.ProcessEnv = process.env,
): z.infer<Schema> {
  const result = schema.safeParse(environment);
  if (result.success) return result.data;
  const wrong = result.error.issues.map(plainIssue).join('; ');
  throw new Error(`Invalid environment variables: ${wrong}. Deploy the stack again.`);
}
