import { z } from 'zod';
import { stored, storedRecord } from '#core/stored/record.ts';
import { portfolioSchema } from './portfolio.ts';

/** A version of a portfolio. Its history is the audit of who changed what, when. */
export const portfolioRecordSchema = storedRecord({
  /** From 1. */
  version: z.number().int().positive(),
  savedAt: z.number(),
  /** Who saved it, as they named themselves. */
  by: z.string(),
  /** What it changed, in words: `rules.price-move: added`. */
  changes: z.array(z.string()),
  portfolio: portfolioSchema({ object: stored, privateAddresses: true }),
});
export type PortfolioRecord = z.infer<typeof portfolioRecordSchema>;
