import { z } from 'zod';

/** A company to research. */
export const companySchema = z.object({
  /** Names it in the memory: the same over all nights. */
  id: z.string().min(1),
  name: z.string().min(1).max(200),
  sector: z.string().max(100).nullable(),
  ticker: z.string().max(20).nullable(),
  /** Its own site; null when nobody knows it. */
  website: z.url().nullable(),
  /** The number under which the SEC knows it. */
  cik: z.string().nullable(),
});
export type Company = z.infer<typeof companySchema>;
