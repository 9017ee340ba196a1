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
import { ANALYSTS, type AnalystName } from './names.ts';

/** By name: a name without an analyst does not compile. A further one is a file in kinds/, its name, and a line here. */
const byName: Readonly<Record<AnalystName, Analyst>> = {
  'price-move': priceMove,
  'volume-anomaly': volumeAnomaly,
  volatility,
  'news-sentiment': newsSentiment,
  earnings,
  'filings-8k': filings8k,
  'insider-trades': insiderTrades,
  'analyst-rating': analystRating,
  macro,
  correlation,
};

/** All analysts. Their pools follow. */
export const analysts: readonly Analyst[] = ANALYSTS.map((name) => byName[name]);

/** The analyst that rules call by this name. */
export function analystNamed(name: string): Analyst {
  const found = analysts.find((each) => each.name === name);
  if (found) return found;
  throw new Error(`There is no analyst "${name}". Use one of ${analysts.map((each) => each.name).join(', ')}.`);
}
