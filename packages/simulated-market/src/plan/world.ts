import { EXCHANGES } from '../calendar/exchanges.ts';
import { problemOfDay, sessionOf, type Session } from '../calendar/sessions.ts';
import { zonedTime } from '../calendar/zones.ts';
import { chooseInstruments, type Instrument } from '../instruments/instruments.ts';
import type { Options } from '../options.ts';
import { crashOf, type Crash } from '../prices/crash.ts';
import { marketMoves, PricePath } from '../prices/prices.ts';
import { scriptOf, type Script } from '../prices/script.ts';
import { sets } from '../sets/index.ts';
import type { MarketSet } from '../sets/types.ts';
import { planStories } from './plan.ts';
import type { Story } from './stories.ts';

export const INTERVAL_MS = 300_000;
/** Lengths of a bar in seconds: each divides five minutes. */
const BAR_SECONDS = [300, 150, 100, 60, 50, 30, 20, 15, 12, 10, 6, 5, 4, 3, 2, 1];
/** The share of a day's events that are bars, roughly: 39,000 of 50,000. */
const BAR_SHARE = 0.8;
const EVENTS_PER_INSTRUMENT = 100;
/** Below it, bars last five minutes, and other events fill the day. */
const MAX_EVENTS_OF_LONG_BARS = 60_000;

/** Everything about a day that is decided before its first event. It is the same for the same options. */
export interface World {
  readonly options: Options;
  readonly set: MarketSet;
  readonly key: string;
  readonly session: Session;
  /** Midnight in New York. The day has 24 hours: clocks change on Sundays. */
  readonly midnight: number;
  readonly instruments: readonly Instrument[];
  readonly stories: readonly Story[];
  readonly scripts: ReadonlyMap<string, Script>;
  readonly crash: Crash | null;
  readonly paths: ReadonlyMap<string, PricePath>;
  /** Tickers that are new today, by subject. */
  readonly tickers: ReadonlyMap<string, string>;
  readonly intervals: number;
  readonly barMs: number;
}

export function buildWorld(options: Options): World {
  const set = sets[options.set];
  const session = sessionOn(options.day);
  const key = `${options.seed}/${options.day}/${options.set}`;
  const intervals = (session.close - session.open) / INTERVAL_MS;
  const count = options.instruments ?? Math.min(500, Math.round(options.events / EVENTS_PER_INSTRUMENT));
  const instruments = chooseInstruments(options.seed, Math.max(count, options.held.length), options.held);
  const barMs = barSeconds(options.events, instruments.length, intervals) * 1_000;
  const stories = planStories(options, set, instruments);
  const scripts = new Map<string, Script>();
  for (const story of stories) {
    const script = scriptOf(story, set, intervals);
    if (script !== null) scripts.set(story.instrument.subject, script);
  }
  const lastCrossing = Math.max(0, ...[...scripts.values()].flatMap(lastIntervals));
  const when = { length: intervals, open: session.open, after: lastCrossing + 3, barMs };
  const crash = options.crash ? crashOf(key, set, when) : null;
  const world = { options, set, key, session, instruments, stories, scripts, crash, intervals, barMs };
  const tickers = new Map(
    stories
      .filter(({ kind }) => kind === 'ticker-change')
      .map(({ instrument: { subject, ticker } }) => [subject, newTicker(ticker)]),
  );
  return { ...world, paths: pathsOf(world), tickers, midnight: zonedTime(options.day, '00:00', EXCHANGES.XNYS.zone) };
}

function sessionOn(day: string): Session {
  const session = sessionOf('XNYS', day);
  if (session !== null) return session;
  throw new Error(`day: ${problemOfDay(day)}`);
}

/** The longest bars that make enough events. */
function barSeconds(events: number, instruments: number, intervals: number): number {
  if (events <= MAX_EVENTS_OF_LONG_BARS) return 300;
  const wanted = (events * BAR_SHARE) / (instruments * intervals);
  return BAR_SECONDS.find((seconds) => 300 / seconds >= wanted) ?? 1;
}

const lastIntervals = ({ crossings, pauses }: Script): number[] => [
  ...crossings.map(({ interval }) => interval),
  ...pauses.map(({ to }) => to),
];

function pathsOf(world: Omit<World, 'paths' | 'midnight' | 'tickers'>): Map<string, PricePath> {
  const { options, intervals, crash, scripts, stories, instruments } = world;
  const moves = marketMoves(options, intervals);
  const split = new Set(stories.filter(({ kind }) => kind === 'split').map(({ instrument }) => instrument.subject));
  const barsPerInterval = INTERVAL_MS / world.barMs;
  return new Map(
    instruments.map((instrument) => {
      const script = scripts.get(instrument.subject) ?? null;
      const ratio = split.has(instrument.subject) ? SPLIT_RATIO : 1;
      const day = { moves, crash, script, barsPerInterval, split: ratio };
      return [instrument.subject, new PricePath(instrument, options, day)];
    }),
  );
}

export const SPLIT_RATIO = 2;

/** Start and end of a bar, in milliseconds since 1970. */
export const barStart = ({ session, barMs }: World, bar: number): number => session.open + bar * barMs;
export const barEnd = (world: World, bar: number): number => barStart(world, bar + 1);
export const barsPerInterval = ({ barMs }: World): number => INTERVAL_MS / barMs;

const newTicker = (ticker: string): string => `${ticker.slice(0, 3)}Q`;
