import { z } from 'zod';

/** What an analyst may report. The rubric weighs each kind (score/rubric.ts). */
export const CLAIM_KINDS = [
  'launch',
  'price-cut',
  'price-rise',
  'funding',
  'deal',
  'leadership',
  'hiring',
  'layoffs',
  'expansion',
  'lawsuit',
  'outage',
  'results',
  'rename',
  'other',
] as const;
export const claimKindSchema = z.enum(CLAIM_KINDS);
export type ClaimKind = z.infer<typeof claimKindSchema>;

const filled = (what: string) => z.string().refine((text) => text.trim() !== '', `${what} must not be empty`);

/** A day, for the model's structured output, which has no patterns. */
const day = z
  .string()
  .refine((date) => z.iso.date().safeParse(date).success, 'must be a date as YYYY-MM-DD')
  .meta({ format: 'date' });

/** A claim as the analyst reports it. Links are not in it: it cites a source by its id, and code adds the link. */
export const reportedClaimSchema = z.object({
  kind: claimKindSchema,
  text: filled('text').describe('The fact in one sentence of your own, without links'),
  quote: filled('quote').describe('The decisive words of the source, copied letter by letter'),
  source: filled('source').describe('The id of the source, such as s1'),
  date: day.nullable().describe('The day of the event, YYYY-MM-DD; null when the source names none'),
  magnitude: z
    .number()
    .refine((magnitude) => Number.isInteger(magnitude) && magnitude >= 1 && magnitude <= 5, 'must be 1, 2, 3, 4 or 5')
    .describe('1 routine, 3 matters to competitors, 5 changes the market'),
  names: z.array(z.string()).describe('Other companies that the quote names as affected, as it names them'),
});
export type ReportedClaim = z.infer<typeof reportedClaimSchema>;

export const reportedClaimsSchema = z.object({ claims: z.array(reportedClaimSchema) });
export type ReportedClaims = z.infer<typeof reportedClaimsSchema>;

/** Where a claim stands: a snapshot that was fetched. */
export const sourceSchema = z.object({
  url: z.string(),
  title: z.string(),
  /** When the source says that it was published; null when it does not. */
  published: z.string().nullable(),
  fetched: z.string(),
  /** What stands in it, word for word. Sources of one fact may word it differently. */
  quote: z.string(),
  /** Whether others than the company and the SEC published it. */
  press: z.literal(true).optional(),
});
export type Source = z.infer<typeof sourceSchema>;

/** A claim whose quote stands in each of its sources. */
export const claimSchema = z.object({
  id: z.string(),
  kind: claimKindSchema,
  text: z.string(),
  quote: z.string(),
  /** The day of the event; if the source names none, the day on which it was published, or fetched. */
  date: z.string(),
  magnitude: z.number().int().min(1).max(5),
  names: z.array(z.string()),
  sources: z.array(sourceSchema).min(1),
  /** The night that found it first, YYYY-MM-DD. */
  firstSeen: z.string(),
  /** Whether nobody says when it happened: the date is that of the fetch. */
  undated: z.literal(true).optional(),
  /** The id of the claim whose figures it contradicts. It counts in no score. */
  disputes: z.string().optional(),
});
export type Claim = z.infer<typeof claimSchema>;
