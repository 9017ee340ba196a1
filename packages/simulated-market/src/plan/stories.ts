import type { Instrument } from '../instruments/instruments.ts';

/** What happens to an instrument in a day, apart from noise. Some are urgent, others only look like it. */
export type StoryKind = UrgentKind | QuietKind;

export type UrgentKind =
  /** At least 5 % within five minutes. */
  | 'fast-move'
  /** More than 10 % within five minutes. */
  | 'plunge'
  /** Slowly beyond 8 % since the previous close. */
  | 'slide'
  /** The same, and then beyond 13 %. */
  | 'slide-further'
  /** Beyond 8 % and 13 % in three stairs, with quiet in between. */
  | 'stairs'
  /** Beyond 8 %, back, and beyond 8 % again: urgent once. */
  | 'return'
  /** Opens more than 8 % from the previous close. */
  | 'gap-open'
  /** Halted for news, then opens beyond 8 %. */
  | 'halt-gap'
  /** Halted by the regulator; the price stays. */
  | 'halt'
  | 'filing-1.03'
  | 'filing-1.05'
  | 'filing-3.01'
  | 'filing-4.02';

export type QuietKind =
  /** 4 % to 4.5 % within five minutes. */
  | 'almost-fast'
  /** 3.5 % to 4 % within five minutes, and back again in the next. */
  | 'spike-and-back'
  /** Slowly to 7.5 % since the previous close. */
  | 'almost-slide'
  /** Opens 5.5 % to 7 % from the previous close: that is no move within five minutes. */
  | 'gap-small'
  /** A pause after a fast move. */
  | 'luld'
  | 'split'
  | 'dividend'
  | 'ticker-change'
  /** Filings that speak of bankruptcy without an item that says so. */
  | 'filing-quiet';

export interface Story {
  readonly kind: StoryKind;
  readonly instrument: Instrument;
  /** 1 up, -1 down. */
  readonly sign: 1 | -1;
  /** Of its choices. */
  readonly key: string;
}

/** How many urgent incidents a story has. */
export const urgentCount = (kind: UrgentKind): number =>
  ['slide-further', 'stairs', 'halt-gap'].includes(kind) ? 2 : 1;
