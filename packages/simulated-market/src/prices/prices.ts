import type { Instrument } from '../instruments/instruments.ts';
import type { Options } from '../options.ts';
import { Choices, hashOf } from '../random.ts';
import { CRASH_PAUSE, fallAt, type Crash } from './crash.ts';
import type { Script } from './script.ts';

/** Open, high, low and close of a bar, and the close of the session before, in US dollars. */
export interface Prices {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly previousClose: number;
}

/** Percent since the previous close that a price without a story never passes. */
const MAX_MOVE = 6.2;
/** The same on a day with a crash, so that no instrument is beyond 8 % when trading resumes. */
const MAX_MOVE_BEFORE_CRASH = 2.9;
const MAX_STEP = 0.8;
const SCALE = { calm: 1, volatile: 2.2 } as const;

/** Moves of the market itself by interval, in percent. The first and last half hour are livelier. */
export function marketMoves(options: Options, length: number): number[] {
  const choices = new Choices(`${options.seed}/${options.day}/${options.set}/market`);
  const scale = SCALE[options.regime] * 0.08;
  return Array.from({ length }, (_, at) => {
    const busy = at < 6 || at >= length - 6 ? 1.6 : 1;
    return choices.normal() * scale * busy;
  });
}

/** The prices of one instrument in a day. A story's script replaces the noise. */
export class PricePath {
  private readonly returns: readonly number[];
  private readonly key: string;
  private readonly missing = new Set<number>();
  private readonly gaps: ReadonlySet<number>;
  private readonly barsPerInterval: number;
  private readonly crashAt: number | null;
  readonly previousClose: number;

  constructor(
    instrument: Instrument,
    options: Options,
    day: {
      moves: readonly number[];
      crash: Crash | null;
      script: Script | null;
      barsPerInterval: number;
      split: number;
    },
  ) {
    this.key = `${options.seed}/${options.day}/${options.set}/price/${instrument.cik}`;
    const choices = new Choices(this.key);
    const previous = instrument.level * (1 + choices.normal() * 0.02);
    this.previousClose = cents(cents(previous) / day.split);
    this.returns = day.script?.returns ?? noise(instrument, options, day, choices);
    this.gaps = day.script?.gaps ?? new Set(day.crash === null ? [0] : [0, day.crash.interval + CRASH_PAUSE + 1]);
    this.barsPerInterval = day.barsPerInterval;
    this.crashAt = day.crash?.interval ?? null;
    for (const { from, to } of day.script?.pauses ?? []) for (let at = from; at < to; at += 1) this.missing.add(at);
    for (let after = 1; day.crash !== null && after <= CRASH_PAUSE; after += 1) {
      this.missing.add(day.crash.interval + after);
    }
  }

  /** Whether the instrument trades in a bar. */
  trades(bar: number): boolean {
    return !this.missing.has(Math.floor(bar / this.barsPerInterval));
  }

  /** The bar in which the price of an interval moves. Bars of less than five minutes are flat but for one. */
  movingBar(interval: number): number {
    if (interval === this.crashAt) return (interval + 1) * this.barsPerInterval - 1;
    if (this.gaps.has(interval)) return this.firstBar(interval);
    return this.firstBar(interval) + (hashOf(`${this.key}/${interval}`) % this.barsPerInterval);
  }

  bar(bar: number): Prices {
    const interval = Math.floor(bar / this.barsPerInterval);
    const close = this.close(bar);
    const opensApart = this.gaps.has(interval) && bar === this.firstBar(interval);
    const open = opensApart ? cents(close * (1 + this.ripple(bar, 'open') * 0.0003)) : this.close(bar - 1);
    const high = cents(Math.max(open, close) * (1 + Math.abs(this.ripple(bar, 'high')) * 0.0004));
    const low = cents(Math.min(open, close) * (1 - Math.abs(this.ripple(bar, 'low')) * 0.0004));
    return { open, high, low, close, previousClose: this.previousClose };
  }

  private firstBar(interval: number): number {
    return interval * this.barsPerInterval;
  }

  private close(bar: number): number {
    const interval = Math.floor(bar / this.barsPerInterval);
    const moved = bar >= this.movingBar(interval);
    const percent = this.returns[moved ? interval : interval - 1] ?? 0;
    const ripple = this.barsPerInterval === 1 ? 0 : this.ripple(bar, 'close') * 0.0001;
    return cents(this.previousClose * (1 + percent / 100) * (1 + ripple));
  }

  /** From -1 to 1. */
  private ripple(bar: number, of: string): number {
    return hashOf(`${this.key}/${of}/${bar}`) / 0x8000_0000 - 1;
  }
}

function noise(
  { beta, volatility }: Instrument,
  { regime }: Options,
  { moves, crash }: { moves: readonly number[]; crash: Crash | null },
  choices: Choices,
): number[] {
  const own = (volatility * SCALE[regime]) / Math.sqrt(moves.length);
  const limit = crash === null ? MAX_MOVE : MAX_MOVE_BEFORE_CRASH;
  let level = choices.normal() * 0.3;
  return moves.map((move, at) => {
    level += Math.min(MAX_STEP, Math.max(-MAX_STEP, beta * move + own * choices.normal()));
    const fall = crash === null ? 0 : fallAt(crash, beta, at);
    return limit * Math.tanh(level / limit) - fall;
  });
}

export const cents = (usd: number): number => Math.round(usd * 100) / 100;
