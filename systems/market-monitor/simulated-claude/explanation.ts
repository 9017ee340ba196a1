import type { ReadEvent } from './read-signals.ts';

/** What an analyst says of its signals, beside what their texts say. */
export interface Explanation {
  /** By figures, where words speak for no class. Undefined: the last class, and less sure. */
  readonly classification?: string | undefined;
  /** Sentences. They repeat nothing that the alert says. */
  readonly summary: readonly string[];
  readonly watch: readonly string[];
}

export interface Signals {
  readonly ticker: string;
  readonly events: readonly ReadEvent[];
  /** Events whose text may be a reason. */
  readonly reasons: readonly ReadEvent[];
}

export type Explain = (signals: Signals) => Explanation;

/** A figure of the first event that has it. */
export const figureIn = (events: readonly ReadEvent[], name: string): number | undefined =>
  events.find(({ values }) => values[name] !== undefined)?.values[name];

/** As it was given, without its sign. */
export const size = (value: number): string => String(Math.abs(value));

/** A figure of minutes that means never. */
const NEVER = 1_000_000;

/** When the same was last seen, as a sentence. */
export const lastSeen = (minutes: number | undefined, what: string): string[] => {
  if (minutes === undefined) return [];
  return minutes >= NEVER
    ? [`It is the first ${what} that is known of the company.`]
    : [`The last ${what} was ${size(minutes)} minutes before.`];
};
