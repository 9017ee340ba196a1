import { z } from 'zod';

export const CLAUSE_KINDS = [
  'confidentiality',
  'term',
  'termination',
  'governing-law',
  'assignment',
  'liability',
  'indemnification',
  'auto-renewal',
  'intellectual-property',
  'payment',
  'data-protection',
  'other',
] as const;
export type ClauseKind = (typeof CLAUSE_KINDS)[number];

export const RISK_KINDS = [
  'unlimited-liability',
  'automatic-renewal',
  'one-sided-termination',
  'broad-indemnity',
  'missing-clause',
  'other',
] as const;
export type RiskKind = (typeof RISK_KINDS)[number];

export const SEVERITIES = ['low', 'medium', 'high'] as const;
export type Severity = (typeof SEVERITIES)[number];

// Plain numbers and strings with refinements: the model's structured output has no minimum, maximum or pattern.
const page = z
  .number()
  .refine((page) => Number.isInteger(page) && page >= 1, 'must be a whole number from 1')
  .describe('The PDF page the quote begins on, counted from 1');

const quote = z.string().refine((quote) => quote.trim() !== '', 'must not be empty');

export const clauseSchema = z.object({
  kind: z.enum(CLAUSE_KINDS),
  quote: quote.describe('The decisive words, copied letter by letter'),
  page,
});
export type Clause = z.infer<typeof clauseSchema>;

export const riskSchema = z.object({
  kind: z.enum(RISK_KINDS),
  severity: z.enum(SEVERITIES),
  quote: quote
    .nullable()
    .describe('The words that make the risk, copied letter by letter; null only for missing-clause'),
  page: page.nullable(),
});
export type Risk = z.infer<typeof riskSchema>;

const isoDate = z
  .string()
  .refine((date) => z.iso.date().safeParse(date).success, 'must be a date as YYYY-MM-DD')
  .meta({ format: 'date' });

/** The analysis of a contract. The model must answer in exactly this shape. */
export const contractSchema = z.object({
  title: z.string().describe('The title as the document gives it'),
  parties: z.array(z.string()).describe('Full legal names of the contracting parties'),
  effectiveDate: isoDate.nullable().describe('YYYY-MM-DD; null when the document names no day'),
  term: z.string().nullable().describe('How long the contract runs, in its own words; null when it does not say'),
  governingLaw: z.string().nullable().describe('The jurisdiction alone, e.g. "Delaware"; null when it names none'),
  clauses: z.array(clauseSchema),
  risks: z.array(riskSchema),
  confidence: z
    .number()
    .refine((confidence) => confidence >= 0 && confidence <= 1, 'must lie between 0 and 1')
    .describe('0 to 1: how sure you are of the whole analysis'),
});
export type Contract = z.infer<typeof contractSchema>;
