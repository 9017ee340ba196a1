import { z } from 'zod';

const nightScoreSchema = z.object({ night: z.string(), score: z.number() });

/** Scores by night, the oldest first. */
export const scoresSchema = z.array(nightScoreSchema);
export type Scores = readonly z.infer<typeof nightScoreSchema>[];

/** Nights in a trend, tonight included. */
export const TREND_NIGHTS = 30;
const DAY_MS = 86_400_000;

/** The scores of the last nights, tonight's last. Nights without a score are not in it. */
export function trendOf(scores: Scores, night: string, score: number): { night: string; score: number }[] {
  const first = dayBefore(night, TREND_NIGHTS - 1);
  return [...scores.filter((each) => each.night >= first && each.night < night), { night, score }];
}

/** A date so many days before another one, both YYYY-MM-DD. */
export const dayBefore = (night: string, days: number): string =>
  new Date(Date.parse(night) - days * DAY_MS).toISOString().slice(0, 10);
