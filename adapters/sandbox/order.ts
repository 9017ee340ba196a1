import { z } from 'zod';
import { limitsSchema } from '#core/ports/sandbox.ts';

/** What the process of a sandbox is told on stdin: a program whose files lie in a folder by now. */
export const orderSchema = z.strictObject({
  code: z.string(),
  input: z.json(),
  folder: z.string(),
  limits: limitsSchema,
});
export type Order = z.output<typeof orderSchema>;
