import { shiftDate } from '#core/parse/local-time.ts';
import { TREND_NIGHTS, type Scores } from '../memory/trend.ts';
import type { Brief } from './schema.ts';

/** What all charts of a brief have in common, so that they can be compared. */
export interface Axis {
  /** YYYY-MM-DD, the oldest first: at most 30, none before the first night of any company. */
  readonly nights: readonly string[];
  /** The highest score of any company, at least 10, so that small scores look small. */
  readonly top: number;
}

const LEAST_TOP = 10;

export function axisOf({ night, companies }: Pick<Brief, 'night' | 'companies'>): Axis {
  const all = companies.flatMap(({ trend }) => trend);
  const first = all.reduce((least, each) => (each.night < least ? each.night : least), night);
  const nights = Array.from({ length: TREND_NIGHTS }, (_, back) => shiftDate(night, back + 1 - TREND_NIGHTS));
  return {
    nights: nights.filter((each) => each >= first),
    top: all.reduce((most, { score }) => Math.max(most, score), LEAST_TOP),
  };
}

const BLOCKS = '▁▂▃▄▅▆▇█';
/** A night without a score. */
const GAP = '·';

/** A chart of block characters, one for each night. Mail programs show no SVG, and some ignore the heights of boxes. */
export function blocksOf(trend: Scores, { nights, top }: Axis): string {
  const byNight = new Map(trend.map(({ night, score }) => [night, score]));
  return nights
    .map((night) => {
      const score = byNight.get(night);
      return score === undefined ? GAP : BLOCKS[Math.min(BLOCKS.length - 1, Math.floor((score / top) * BLOCKS.length))];
    })
    .join('');
}

/** The chart in words. */
export function trendWords(trend: Scores): string {
  const scores = trend.map(({ score }) => score);
  const [first = 0] = scores;
  if (scores.length < 2) return 'first night';
  const words = [Math.min(...scores), Math.max(...scores)].map((score) => score.toFixed(1));
  return `${scores.length} nights: from ${first.toFixed(1)} to ${(scores.at(-1) ?? 0).toFixed(1)}, lowest ${words[0]}, highest ${words[1]}`;
}
