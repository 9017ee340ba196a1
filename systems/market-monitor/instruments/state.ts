import { z } from 'zod';
import { stored, storedRecord } from '#core/stored/record.ts';

/** A bar that is recent enough to be replaced by a correction, or to be the start of a move. Short names: it is stored often. */
export const recentBarSchema = stored({
  /** Start, in milliseconds since 1970. */
  s: z.number(),
  /** Seconds. */
  d: z.number(),
  /** Revision. */
  r: z.number(),
  /** Open and close. */
  o: z.number(),
  c: z.number(),
  /** Shares traded. */
  v: z.number(),
  /** Close of the session before. */
  p: z.number(),
});
export type RecentBar = z.infer<typeof recentBarSchema>;

/** The furthest moves of a session, in percent, at least 0: fast ones (within five minutes) and those since the previous close. */
export const peaksSchema = stored({ fastUp: z.number(), fastDown: z.number(), dayUp: z.number(), dayDown: z.number() });
export type Peaks = z.infer<typeof peaksSchema>;

export const NO_PEAKS: Peaks = { fastUp: 0, fastDown: 0, dayUp: 0, dayDown: 0 };

/** What bars usually look like: exponentially weighted, of bars that no correction changes any more. */
export const usualSchema = stored({
  bars: z.number(),
  /** Of log returns, scaled to five minutes. */
  return: z.number(),
  returnVariance: z.number(),
  /** Of the logarithm of shares traded in five minutes. */
  volume: z.number(),
  volumeVariance: z.number(),
});
export type Usual = z.infer<typeof usualSchema>;

const tradingSchema = stored({
  /** The day in New York. */
  date: z.string(),
  previousClose: z.number(),
  bars: z.number(),
  /** Moves of bars that are no longer recent. */
  peaks: peaksSchema,
});

const splitSchema = stored({ exDate: z.string(), ratio: z.number() });

/**
 * What the router remembers of a subject, below 3 KB. All of it is portfolio-independent: a portfolio that changes its rules
 * or holdings changes no state.
 */
export const stateSchema = storedRecord({
  /** The ticker that bars of the instrument have. */
  ticker: z.string().optional(),
  session: tradingSchema.optional(),
  /** In order of their start. */
  recent: z.array(recentBarSchema).optional(),
  usual: usualSchema.optional(),
  /** A price that is too far off to believe. The next bar near it confirms it. */
  suspect: stored({ close: z.number(), ticker: z.string(), at: z.number() }).optional(),
  /** Reason of the halt of trading. Absent: trading goes on. */
  halt: stored({ reason: z.string(), level: z.number(), since: z.number() }).optional(),
  resumedAt: z.number().optional(),
  splits: z.array(splitSchema).optional(),
  /** Splits whose first bar has not come. */
  pendingSplits: z.array(splitSchema).optional(),
  /** When headlines came in the last hour. */
  news: z.array(z.number()).optional(),
  /** Accession numbers of the last filings, and the last items of 8-Ks: of which filing, and when. */
  filings: z.array(z.string()).optional(),
  items: z.array(stored({ item: z.string(), of: z.string(), at: z.number() })).optional(),
  /** When an unusual figure was last seen, by its name. */
  seen: z.record(z.string(), z.number()).optional(),
  /** Of a portfolio: instruments that moved lately. */
  moves: z.array(stored({ subject: z.string(), at: z.number(), percent: z.number() })).optional(),
  /** How often a rule matched in an hour, by the hash of portfolio and rule. */
  matched: stored({ hour: z.number(), counts: z.record(z.string(), z.number()) }).optional(),
});
export type SubjectState = z.infer<typeof stateSchema>;
