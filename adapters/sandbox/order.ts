import { z } from 'zod';
import { limitsSchema } from '#core/ports/sandbox.ts';

/** The message to a sandbox's process on stdin: a program, whose files are already in a folder. */
export const orderSchema = z.strictObject({
  code: z.string(),
  input: z.json(),
  folder: z.string(),
  limits: limitsSchema,
});
export type Order = z.output<typeof orderSchema>;
