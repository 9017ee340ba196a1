import { z } from 'zod';
import { unitSchema } from '../change/units.ts';

/** What there is to know about a whole change. Its secrets are masked. */
const aboutSchema = z.strictObject({
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
});
export type AboutChange = z.infer<typeof aboutSchema>;

/** What a specialist's task gets: a part of a change. */
export const reviewInputSchema = aboutSchema.extend({ files: unitSchema });
export type ReviewInput = z.infer<typeof reviewInputSchema>;

/** What the supervisor's task gets: the whole change, cut into units. */
export const changeInputSchema = aboutSchema.extend({ units: z.array(unitSchema).min(1) });
export type ChangeInput = z.infer<typeof changeInputSchema>;
