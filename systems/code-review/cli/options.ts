import { z } from 'zod';
import { parseOptions } from '#cli/parse-options.ts';
import { numberOption } from '#cli/whole-option.ts';

/** The options of `fleet review`. */
const reviewOptionsSchema = z
  .object({
    repo: z.string().min(1),
    // Commander would miss a required option before it names an unknown one, such as a slip of the pen.
    base: z.string().min(1),
    head: z.string().min(1),
    out: z.string().min(1).optional(),
    maxUsd: numberOption.positive().optional(),
    post: z.enum(['never', 'local', 'github'], 'must be never, local or github'),
    pullRequest: z
      .string()
      .regex(/^[\w.-]+\/[\w.-]+#\d+$/, 'must be a pull request such as owner/name#12')
      .optional(),
    json: z.boolean().default(false),
    sarif: z.boolean().default(false),
  })
  .refine(({ json, sarif }) => !(json && sarif), '--json and --sarif cannot be combined')
  .refine(
    ({ post, pullRequest }) => post === 'github' || pullRequest === undefined,
    '--pull-request is only for --post github',
  );
export type ReviewOptions = z.infer<typeof reviewOptionsSchema>;

/** Parses the options. Throws wrong usage that names the first invalid one. */
export const parseReviewOptions = (raw: unknown): ReviewOptions => parseOptions(reviewOptionsSchema, raw, 'review');
