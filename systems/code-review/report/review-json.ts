import { z } from 'zod';
import { leftOutSchema } from '../change/changed-file.ts';
import { sideSchema } from '../change/hunk.ts';
import { SPECIALISTS, ruleSchema, severitySchema } from '../findings/finding.ts';
import type { Review } from '../findings/review.ts';
import { verdictSchema } from '../findings/verdict.ts';

const agent = z.enum(SPECIALISTS);

/** The output of `fleet review --json`. Later releases may add fields. */
export const reviewJsonSchema = z.object({
  verdict: verdictSchema,
  /** Why, in one sentence. */
  because: z.string(),
  /** The supervisor's words. They have no part in the verdict. */
  summary: z.string(),
  /** The commits that were compared. */
  base: z.string(),
  head: z.string(),
  /** The strongest first. */
  findings: z.array(
    z.object({
      file: z.string(),
      /** Line of the file at head (RIGHT) or at the base (LEFT); the last one of a range. */
      line: z.number().int().positive(),
      startLine: z.number().int().positive(),
      side: sideSchema,
      severity: severitySchema,
      rule: ruleSchema,
      agent,
      /** Other specialists that found the same. */
      also: z.array(agent).optional(),
      confidence: z.number(),
      /** The lines, or the part of the line without a secret. */
      quote: z.string(),
      message: z.string(),
      /** Replaces the lines from `startLine` to `line`. */
      suggestion: z.string().optional(),
    }),
  ),
  /** Findings whose quote is not in the diff. */
  unplaced: z.array(
    z.object({ file: z.string(), quote: z.string(), severity: severitySchema, agent, message: z.string() }),
  ),
  leftOut: z.array(leftOutSchema),
  spent: z.object({ tokens: z.number(), usd: z.number() }),
  /** Whether the simulated model answered, by rules. */
  simulated: z.boolean(),
});
export type ReviewJson = z.infer<typeof reviewJsonSchema>;

/** What a report shows of a review, besides its findings. */
export interface ReviewFacts {
  readonly base: string;
  readonly head: string;
  readonly spent: { readonly tokens: number; readonly usd: number };
  readonly simulated: boolean;
}

export function reviewJson(review: Review, { base, head, spent, simulated }: ReviewFacts): ReviewJson {
  const { verdict, because, summary, findings, unplaced, leftOut } = review;
  // Parsed, so that the output holds what the schema names and nothing else.
  return reviewJsonSchema.parse({
    verdict,
    because,
    summary,
    base,
    head,
    findings,
    unplaced,
    leftOut,
    spent,
    simulated,
  });
}
