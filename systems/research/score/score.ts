import { z } from 'zod';
import type { Claim } from '../claims/claim.ts';
import type { KeptMove } from '../strategy/move.ts';
import type { Rubric } from './rubric.ts';

/** What one claim or move adds to a score. */
const scorePartSchema = z.object({
  /** `claim` or `move`, and its kind. */
  what: z.string(),
  /** The claims that are its evidence. */
  evidence: z.array(z.string()),
  magnitude: z.number(),
  weight: z.number(),
  /** 1 today, a half after a half-life. */
  decay: z.number(),
  sectorFit: z.number(),
  /** The part of the score. The parts of a score add up to it. */
  points: z.number(),
});

export const threatScoreSchema = z.object({
  /** 0 to 100. */
  score: z.number().min(0).max(100),
  parts: z.array(scorePartSchema),
  /** Against the last night; null in the first one. */
  change: z.number().nullable(),
});
export type ThreatScore = z.infer<typeof threatScoreSchema>;

export interface Scored {
  readonly sector: string | null;
  readonly claims: readonly Claim[];
  /** Its moves against others, each with the night that saw it. */
  readonly moves: readonly KeptMove[];
  /** Its score of the last night. */
  readonly before: number | null;
}

/**
 * Computes the threat of a company: each claim and move has magnitude × weight × decay × fit of the sector, and the sum
 * is bent so that it never reaches 100. No text of a page or of a model takes part, but kinds and magnitudes from 1 to 5.
 */
export function threatScore({ sector, claims, moves, before }: Scored, night: string, rubric: Rubric): ThreatScore {
  const sectorFit = (sector === null ? undefined : rubric.sectorFit[sector]) ?? rubric.otherSectors;
  const byId = new Map(claims.map((claim) => [claim.id, claim]));
  const part = (what: string, evidence: readonly string[], magnitude: number, weight: number, date: string) => {
    const decay = decayOf(date, night, rubric.halfLifeDays);
    const raw = Math.min(5, Math.max(0, magnitude)) * weight * decay * sectorFit;
    return { what, evidence: [...evidence], magnitude, weight, decay: round(decay, 3), sectorFit, raw };
  };
  const parts = [
    ...claims.map((each) =>
      part(`claim ${each.kind}`, [each.id], each.magnitude, rubric.weights[each.kind], each.date),
    ),
    ...moves.map((move) => {
      const dates = move.evidence.flatMap((id) => byId.get(id)?.date ?? []).toSorted();
      return part(`move ${move.kind}`, move.evidence, move.magnitude, rubric.moveWeight, dates.at(-1) ?? move.night);
    }),
  ].filter(({ raw }) => raw > 0);
  const sum = parts.reduce((total, { raw }) => total + raw, 0);
  const whole = 100 * (1 - Math.exp(-sum / rubric.scale));
  const score = round(whole, 1);
  const pointed = parts
    .map(({ raw, ...rest }) => ({ ...rest, points: round((whole * raw) / sum, 2) }))
    .toSorted((a, b) => b.points - a.points);
  return { score, parts: pointed, change: before === null ? null : round(score - before, 1) };
}

const DAY_MS = 86_400_000;

/** An event that lies ahead counts fully. */
const decayOf = (date: string, night: string, halfLife: number): number =>
  0.5 ** (Math.max(0, Date.parse(night) - Date.parse(date)) / DAY_MS / halfLife);

const round = (value: number, digits: number): number => Math.round(value * 10 ** digits) / 10 ** digits;
