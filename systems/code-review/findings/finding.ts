import { z } from 'zod';
import { placeSchema, type Place } from './locate.ts';

export const SPECIALISTS = ['security', 'style', 'logic', 'tests'] as const;
export type Specialist = (typeof SPECIALISTS)[number];

export const severitySchema = z.enum(['low', 'medium', 'high', 'critical']);
export type Severity = z.infer<typeof severitySchema>;

/** From low to critical. */
export const severityRank = (severity: Severity): number => severitySchema.options.indexOf(severity);

/** What kind of defect it is. Two specialists that name the same kind at the same place found the same defect. */
export const ruleSchema = z.enum([
  'hard-coded-secret',
  'sql-injection',
  'command-injection',
  'code-injection',
  'path-traversal',
  'cross-site-scripting',
  'unsafe-deserialisation',
  'prototype-pollution',
  'weak-cryptography',
  'missing-validation',
  'missing-authorisation',
  'slow-regular-expression',
  'missing-await',
  'off-by-one',
  'swallowed-error',
  'null-dereference',
  'wrong-condition',
  'resource-leak',
  'race',
  'wrong-result',
  'missing-test',
  'removed-test',
  'weak-test',
  'debug-leftover',
  'naming',
  'dead-code',
  'documentation',
  'steering',
  'other',
]);
export type Rule = z.infer<typeof ruleSchema>;

/** A finding as a specialist answers it. */
export const findingSchema = z.strictObject({
  path: z.string().describe('The file, as the diff names it'),
  quote: z.string().describe('The line or lines, copied letter by letter, without the diff’s first character'),
  side: z.enum(['new', 'old']).describe('new for added and unchanged lines, old for removed ones'),
  rule: ruleSchema,
  severity: severitySchema,
  confidence: z
    .number()
    .refine((confidence) => confidence >= 0 && confidence <= 1, 'must lie between 0 and 1')
    .describe('0 to 1: how sure you are that a maintainer would change this'),
  message: z.string().describe('What is wrong and why it matters, in one to three sentences'),
  suggestion: z
    .string()
    .nullable()
    .describe('The text that replaces exactly the quoted lines; null when no small change is certain'),
});
export type Finding = z.infer<typeof findingSchema>;

/** The answer of a specialist. */
export const findingsSchema = z.strictObject({ findings: z.array(findingSchema) });
export type Findings = z.infer<typeof findingsSchema>;

/** A finding at its place in the diff. */
export interface PlacedFinding extends Place {
  readonly rule: Rule;
  readonly severity: Severity;
  readonly confidence: number;
  readonly message: string;
  readonly suggestion?: string;
}

/** The output of a specialist's task. A finding whose quote is not in the diff has no place. */
export const reviewedPartSchema = z.object({
  findings: z.array(findingSchema.extend({ place: placeSchema.optional() })),
});
export type ReviewedPart = z.infer<typeof reviewedPartSchema>;
