import { z } from 'zod';

const price = z.number().positive().max(10_000_000);
const count = z.number().int().nonnegative();
const text = z.string().max(20_000);
const line = z.string().min(1).max(500);
const webAddress = z.url({ protocol: /^https?$/ }).max(2_000);
const day = z.iso.date();
/** A figure in percent, or of an index. */
const figure = z.number().min(-1e12).max(1e12);

/**
 * The subject of an event: a company by its SEC number, which is never reused (a ticker is), an exchange by its MIC,
 * an indicator of the economy, such as `macro:us.cpi`, or a portfolio of this system.
 */
export const subjectSchema = z.union([
  z.string().regex(/^cik:\d{10}$/),
  z.string().regex(/^market:[A-Z]{4}$/),
  z.string().regex(/^macro:[a-z0-9][a-z0-9.-]{0,60}$/),
  z.string().regex(/^portfolio:[a-z0-9][a-z0-9-]{0,39}$/),
]);

/** An interval of trading. Its id is instrument, start and revision. A correction has the next revision. */
const bar = z.object({
  ticker: line,
  start: z.iso.datetime({ offset: true }),
  seconds: z.number().int().min(1).max(86_400),
  revision: count,
  open: price,
  high: price,
  low: price,
  close: price,
  volume: count,
  /** Close of the session before, adjusted for splits. */
  previousClose: price,
  /** Money at stake and limits are in US dollars, and nothing converts. */
  currency: z.literal('USD', { error: 'must be USD: amounts in another currency would be taken for dollars' }),
});

/** Trading of an instrument, or of a whole exchange (subject `market:…`), stops or resumes. */
const tradingStatus = z.object({
  ticker: line.optional(),
  status: z.enum(['halted', 'resumed']),
  /** `luld`: a pause after a fast move (Limit Up-Limit Down). `circuit-breaker`: the whole market, levels 1 to 3. */
  reason: z.enum(['luld', 'news-pending', 'regulatory', 'circuit-breaker']),
  level: z.number().int().min(1).max(3).optional(),
});

/** A headline. `tickers` are those that the outlet tagged. */
const news = z.object({ tickers: z.array(line).max(50), headline: line, summary: text, url: webAddress, outlet: line });

/** A filing at the SEC. One filing may come several times, once for each role, with the same accession number. */
const filing = z.object({
  ticker: line.optional(),
  form: z.string().min(1).max(20),
  accessionNumber: z.string().regex(/^\d{10}-\d{2}-\d{6}$/),
  /** Items of an 8-K, such as `1.03` (bankruptcy) or `2.02` (results). */
  items: z.array(z.string().regex(/^\d\.\d{2}$/)).max(30),
  /** Of a form 4: US dollars sold (below 0) or bought by the insider. */
  insiderUsd: figure.optional(),
  text,
  url: webAddress,
});

const rating = z.object({
  ticker: line,
  firm: line,
  from: line.optional(),
  to: line,
  /** −2 to 2 steps; below 0 is a downgrade. */
  steps: z.number().int().min(-4).max(4),
  targetFrom: price.optional(),
  targetTo: price.optional(),
  text,
});

const earnings = z.object({
  ticker: line,
  period: line,
  epsActual: figure,
  epsExpected: figure,
  revenueActual: figure,
  revenueExpected: figure,
  text,
});

const macro = z.object({
  indicator: line,
  actual: figure,
  expected: figure,
  previous: figure,
  /** One standard deviation of surprises of this indicator. */
  surpriseDeviation: z.number().positive(),
  unit: line,
  text,
});

const corporateAction = z.object({
  ticker: line,
  action: z.enum(['split', 'dividend', 'ticker-change']),
  exDate: day,
  /** New shares for one old share. */
  ratio: z.number().positive().max(1_000).optional(),
  amount: price.optional(),
  newTicker: line.optional(),
});

/** A holding of a portfolio (subject `portfolio:…`) moved fast. The router publishes it, so that holdings that move together are counted. */
const move = z.object({
  /** Subject of the instrument. */
  instrument: z.string().regex(/^cik:\d{10}$/),
  movePct: figure,
  /** Holdings of the portfolio. */
  holdings: count,
});

/** The data of every type of event that the monitor reads. A changed meaning is a new version of the type. */
export const eventTypes = {
  'market.bar.v1': bar,
  'market.trading-status.v1': tradingStatus,
  'market.news.v1': news,
  'market.filing.v1': filing,
  'market.rating.v1': rating,
  'market.earnings.v1': earnings,
  'market.macro.v1': macro,
  'market.corporate-action.v1': corporateAction,
  'market.move.v1': move,
} as const;

export type EventType = keyof typeof eventTypes;
export type EventData<Type extends EventType> = z.infer<(typeof eventTypes)[Type]>;
