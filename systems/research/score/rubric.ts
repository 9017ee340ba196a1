import { z } from 'zod';
import { CLAIM_KINDS, type ClaimKind } from '../claims/claim.ts';

const weight = z.number().min(0).max(10);

const WEIGHTS: Readonly<Record<ClaimKind, number>> = {
  launch: 3,
  'price-cut': 3,
  deal: 3,
  funding: 2.5,
  expansion: 2,
  leadership: 1.5,
  hiring: 1,
  results: 1,
  layoffs: 0.5,
  lawsuit: 0.5,
  outage: 0.5,
  'price-rise': 0.5,
  rename: 0.5,
  other: 0.5,
};

/** How the threat score is computed. The brief prints it, so that everybody can check a score. */
export const rubricSchema = z.strictObject({
  /** What a claim of each kind weighs. */
  weights: z
    .partialRecord(z.enum(CLAIM_KINDS), weight)
    .default({})
    .transform((own): Readonly<Record<ClaimKind, number>> => ({ ...WEIGHTS, ...own })),
  /** What a move against another company weighs. */
  moveWeight: weight.default(3),
  /** Days after which a claim counts half. */
  halfLifeDays: z.number().min(1).max(365).default(7),
  /** How near each sector is to ours: 0 not at all, 1 our own. */
  sectorFit: z.record(z.string(), z.number().min(0).max(1)).default({}),
  /** The fit of sectors that are not named. */
  otherSectors: z.number().min(0).max(1).default(1),
  /** Points that make a score of 63. Twice as many make 86. */
  scale: z.number().min(1).max(1_000).default(20),
});
export type Rubric = z.infer<typeof rubricSchema>;

export const DEFAULT_RUBRIC: Rubric = rubricSchema.parse({});
