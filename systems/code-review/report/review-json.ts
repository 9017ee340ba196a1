import { z } from 'zod';
import { leftOutSchema } from '../change/changed-file.ts';
import { sideSchema } from '../change/hunk.ts';
import { SPECIALISTS, ruleSchema, severitySchema } from '../findings/finding.ts';
import type { Review } from '../findings/review.ts';
import { verdictSchema } from '../findings/verdict.ts';

const agent = z.enum(SPECIALISTS);

const findingSchema = z.object({
  file: z.string(),
  line: z
    .number()
    .int()
    .positive()
    .describe('Line of the file at head (RIGHT) or at the base (LEFT); the last one of a range'),
  startLine: z.number().int().positive().describe('The first line of the range'),
  side: sideSchema,
  severity: severitySchema,
  rule: ruleSchema,
  agent,
  also: z.array(agent).optional().describe('Other specialists that found the same'),
  confidence: z.number().describe('From 0 to 1'),
  quote: z.string().describe('The lines, or the part of the line without a secret'),
  message: z.string(),
  suggestion: z.string().optional().describe('Replaces the lines from startLine to line'),
});

const unplacedSchema = z.object({
  file: z.string(),
  quote: z.string(),
  severity: severitySchema,
  agent,
  message: z.string(),
});

/** The output of `fleet review --json`. Later releases may add fields. */
export const reviewJsonSchema = z.object({
  verdict: verdictSchema,
  because: z.string().describe('Why, in one sentence'),
  summary: z.string().describe("The supervisor's words. They have no part in the verdict"),
  base: z.string().describe('The commit that the change is compared with'),
  head: z.string().describe('The reviewed commit'),
  findings: z.array(findingSchema).describe('The strongest first'),
  unplaced: z.array(unplacedSchema).describe('Findings whose quote is not in the diff'),
  leftOut: z.array(z.object(leftOutSchema.shape)).describe('What was not read, and why'),
  spent: z.object({ tokens: z.number(), usd: z.number() }),
  simulated: z.boolean().describe('Whether the simulated model answered, by rules'),
});
export type ReviewJson = z.infer<typeof reviewJsonSchema>;

/** The schema as `review.schema.json` has it, for programs that read the output. It allows fields of later releases. */
export const reviewJsonSchemaFile = (): object => ({
  title: 'The output of fleet review --json',
  ...z.toJSONSchema(reviewJsonSchema, { target: 'draft-7', io: 'input' }),
});

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
