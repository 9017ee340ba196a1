import { z } from 'zod';

/** Longest summary, in characters: it must fit a notification. */
export const MAX_SUMMARY = 600;

const line = z.string().min(1).max(200);

/** What an analyst reports, with the classes that it may choose from. */
export const analysisSchemaOf = (classes: readonly [string, ...string[]]) =>
  z.strictObject({
    /** `superseded`: code answered, since a newer task about the same alerts reads more. */
    classification: z.enum([...classes, SUPERSEDED]),
    summary: z.string().min(1).max(MAX_SUMMARY),
    confidence: z.number().min(0).max(1),
    /** The events that explain it, by their labels: e1, e2, … */
    drivers: z.array(z.strictObject({ event: z.string().min(1).max(10), why: line })).max(8),
    /** What to look at next. */
    watch: z.array(line).max(5),
  });

export const SUPERSEDED = 'superseded';

/** An analysis of any analyst. */
export const analysisSchema = analysisSchemaOf(['other']).extend({ classification: z.string() });
export type Analysis = z.infer<typeof analysisSchema>;
