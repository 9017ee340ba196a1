import type { Analyst } from './factory.ts';
import { analystRating } from './kinds/analyst-rating.ts';
import { correlation } from './kinds/correlation.ts';
import { earnings } from './kinds/earnings.ts';
import { filings8k } from './kinds/filings-8k.ts';
import { insiderTrades } from './kinds/insider-trades.ts';
import { macro } from './kinds/macro.ts';
import { newsSentiment } from './kinds/news-sentiment.ts';
import { priceMove } from './kinds/price-move.ts';
import { volatility } from './kinds/volatility.ts';
import { volumeAnomaly } from './kinds/volume-anomaly.ts';

/** All analysts. A further one is a file in kinds/ and a line here: its pool follows. */
export const analysts: readonly Analyst[] = [
  priceMove,
  volumeAnomaly,
  volatility,
  newsSentiment,
  earnings,
  filings8k,
  insiderTrades,
  analystRating,
  macro,
  correlation,
];

/** The analyst that rules call by this name. */
export function analystNamed(name: string): Analyst {
  const found = analysts.find((each) => each.name === name);
  if (found) return found;
  throw new Error(`There is no analyst "${name}". Use one of ${analysts.map((each) => each.name).join(', ')}.`);
}
