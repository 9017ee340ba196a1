import { z } from 'zod';
import { parseOptions } from '#cli/parse-options.ts';
import { numberOption } from '#cli/whole-option.ts';

/** The options of `fleet review`. */
const reviewOptionsSchema = z
  .object({
    repo: z.string().min(1),
    base: z.string().min(1),
    head: z.string().min(1),
    out: z.string().min(1).optional(),
    maxUsd: numberOption.positive().optional(),
    post: z.literal('never', 'must be never: this release posts no review'),
    json: z.boolean().default(false),
    sarif: z.boolean().default(false),
  })
  .refine(({ json, sarif }) => !(json && sarif), '--json and --sarif cannot be combined');
export type ReviewOptions = z.infer<typeof reviewOptionsSchema>;

/** Parses the options. Throws wrong usage that names the first invalid one. */
export const parseReviewOptions = (raw: unknown): ReviewOptions => parseOptions(reviewOptionsSchema, raw, 'review');
