import type { z } from 'zod';

/** The function's environment, parsed once at cold start; throws an `Error` that names every bad variable. */
export function parseEnv<Schema extends z.ZodType>(
  schema: Schema,
  environment: NodeJS.ProcessEnv = process.env,
): z.infer<Schema> {
  const result = schema.safeParse(environment);
  if (result.success) return result.data;
  const wrong = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
  throw new Error(`Environment variables are not as the function needs them: ${wrong}. Deploy the stack again.`);
}
