import { z } from 'zod';
import { claimKindSchema } from '../claims/claim.ts';

const sideSchema = z.strictObject({
  name: z.string().min(1).max(200),
  sector: z.string().max(100).nullable(),
  claims: z
    .array(
      z.strictObject({
        id: z.string().regex(/^c\d+$/),
        kind: claimKindSchema,
        date: z.string().max(40),
        quote: z.string().max(2_000),
      }),
    )
    .max(20),
});

/** What a strategist's task gets: pairs of companies that code found, with their claims. */
export const strategistInputSchema = z.strictObject({
  /** Names it among the items of a run. */
  id: z.string().max(100).optional(),
  night: z.iso.date(),
  pairs: z
    .array(
      z.strictObject({
        id: z.string().regex(/^p\d+$/),
        /** Why code put the two together. */
        because: z.string().max(300),
        by: sideSchema,
        against: sideSchema,
      }),
    )
    .min(1)
    .max(12),
});
export type StrategistInput = z.infer<typeof strategistInputSchema>;
export type PairInput = StrategistInput['pairs'][number];
