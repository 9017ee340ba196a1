import { z } from 'zod';
import { nightRowSchema } from '../memory/memory.ts';
import { moveSchema } from '../strategy/move.ts';

/** Increases only when readers of brief.json must change. */
export const BRIEF_VERSION = 1;

const count = z.number().int().nonnegative();

/** brief.json. brief.schema.json describes it for other languages. */
export const briefSchema = z.object({
  schemaVersion: z.literal(BRIEF_VERSION),
  night: z.iso.date(),
  /** When the brief was made, by the clock of the night. */
  briefAt: z.iso.datetime({ offset: true }),
  /** When it had to be there. */
  due: z.iso.datetime({ offset: true }),
  late: z.boolean(),
  /** The time zone of its readers, such as `Europe/Berlin`. */
  zone: z.string().default('UTC'),
  /** Why the run ended early, so that companies or comparisons are missing. Null when it did not. */
  problem: z.object({ error: z.string(), cause: z.string() }).nullable().default(null),
  /** Whether a simulated model answered. */
  simulated: z.boolean(),
  /** Whether the sites of companies were simulated ones, whose news is invented. */
  simulatedWeb: z.boolean().default(false),
  totals: z.object({
    companies: count,
    /** Researched, or the same as on the last night as far as it could be read. */
    succeeded: count,
    unchanged: count,
    /** The same as on the last night, but a source could not be read. */
    incomplete: count.default(0),
    failed: count,
    /** New and changed ones. */
    claims: count,
    new: count,
    changed: count,
    contradictions: count,
    moves: count,
    /** Pairs of companies that nobody judged. It does not mean that nothing was found. */
    uncheckedPairs: count,
    /** Claims whose quote is not in the snapshot of one of their sources, and moves without a claim that names the other company. They are not in the brief. */
    citationsThatFail: count,
    usd: z.number().nonnegative(),
  }),
  /** The highest score first. */
  companies: z.array(nightRowSchema),
  moves: z.array(moveSchema),
  rubric: z.object({
    weights: z.record(z.string(), z.number()),
    moveWeight: z.number(),
    halfLifeDays: z.number(),
    sectorFit: z.record(z.string(), z.number()),
    otherSectors: z.number(),
    scale: z.number(),
  }),
});
export type Brief = z.infer<typeof briefSchema>;
