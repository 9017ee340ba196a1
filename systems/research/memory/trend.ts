import { z } from 'zod';
import { shiftDate } from '#core/parse/local-time.ts';

const nightScoreSchema = z.object({ night: z.string(), score: z.number() });

/** Scores by night, the oldest first. */
export const scoresSchema = z.array(nightScoreSchema);
export type Scores = readonly z.infer<typeof nightScoreSchema>[];

/** Nights in a trend, tonight included. */
export const TREND_NIGHTS = 30;

/** The scores of the last nights, tonight's last. Nights without a score are not in it. */
export function trendOf(scores: Scores, night: string, score: number): { night: string; score: number }[] {
  const first = shiftDate(night, 1 - TREND_NIGHTS);
  return [...scores.filter((each) => each.night >= first && each.night < night), { night, score }];
}
