import { z } from 'zod';
import { unitSchema } from '../change/units.ts';

/** What a specialist's task gets: a part of a change, and what there is to know about the whole. */
export const reviewInputSchema = z.strictObject({
  title: z.string().max(300),
  description: z.string().max(4_000),
  /** The repository's own rules, from the base of the change. */
  guidance: z.string().max(12_000).nullable(),
  overview: z.strictObject({
    /** Number of changed files. */
    files: z.number().int().nonnegative(),
    /** Changed test files, at most 100. */
    testsChanged: z.array(z.string()).max(100),
    /** Whether the repository has tests at all. */
    hasTests: z.boolean(),
  }),
  files: unitSchema,
});
export type ReviewInput = z.infer<typeof reviewInputSchema>;
