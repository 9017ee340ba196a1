import { z } from 'zod';
import { changedFileSchema, leftOutSchema } from '../change/changed-file.ts';
import type { Plan } from '../change/plan.ts';
import { readReviewRecord } from '../findings/review-record.ts';
import { unitSchema } from '../change/units.ts';
import { commitSchema } from './order.ts';

const diffedFileSchema = changedFileSchema.extend({
  isBinary: z.boolean(),
  isSubmodule: z.boolean(),
  modes: z.object({ old: z.string(), new: z.string() }).optional(),
  added: z.number(),
  removed: z.number(),
});

/** What the end of a review needs of its beginning. An object in the bucket of inputs, written and read by one release. */
export const planFileSchema = z.object({
  head: commitSchema,
  /** Where the change begins. */
  base: commitSchema,
  /** Whether the author is new to the repository. */
  isOfNewAuthor: z.boolean().default(false),
  /** All files of the pull request, also those that are left out. */
  paths: z.array(z.string()),
  estimateUsd: z.number(),
  /** The digest of the rules that it is made by. */
  rules: z.string(),
  /** The record of the review before. It is kept here, since the end of this review writes another one. */
  earlier: z.unknown().transform(readReviewRecord),
  plan: z.object({
    units: z.array(unitSchema),
    leftOut: z.array(leftOutSchema),
    secrets: z.array(z.object({ path: z.string(), line: z.number(), kind: z.string(), quote: z.string() })),
    files: z.array(diffedFileSchema),
    carried: z.array(diffedFileSchema),
  }),
});
export type PlanFile = Omit<z.infer<typeof planFileSchema>, 'plan'> & { readonly plan: Plan };

/** Names of an execution's objects. */
export const planName = (execution: string): string => `${execution}-plan.json`;
export const inputName = (execution: string): string => `${execution}-input.json`;
