/** The analysts, as rules call them. */
export const ANALYSTS = [
  'price-move',
  'volume-anomaly',
  'volatility',
  'news-sentiment',
  'earnings',
  'filings-8k',
  'insider-trades',
  'analyst-rating',
  'macro',
  'correlation',
] as const;
export type AnalystName = (typeof ANALYSTS)[number];

/** The agent's name, as `fleet agents` lists it, from what rules call it: `price-move`. */
export const agentNameOf = (analyst: string): string => `market-${analyst}`;
