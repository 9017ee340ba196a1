import type { QuietKind, UrgentKind } from '../plan/stories.ts';
import type { Prose } from '../prose/types.ts';

type Range = readonly [number, number];

/** What differs between the two kinds of days. Figures of prices are percent. */
export interface MarketSet {
  readonly prose: Prose;
  /** Stories of held instruments, in this order, from the start again when they are used up. */
  readonly urgent: readonly UrgentKind[];
  readonly quiet: readonly QuietKind[];
  /** The share of stories that go up. */
  readonly up: number;
  /** A move within one bar that is urgent, and one that is not. */
  readonly fast: Range;
  readonly almostFast: Range;
  readonly plunge: Range;
  /** Steps per five minutes of a slide. */
  readonly step: Range;
  /** How far a story recovers afterwards: 0 not at all, 1 wholly. */
  readonly recovery: Range;
  /** When stories begin, as a share of the session. */
  readonly start: Range;
  /** When the market crashes, as a share of the session. */
  readonly crash: Range;
  /** How far the market falls. */
  readonly crashDepth: Range;
  /** The share of urgent filings that are amended in the same day. */
  readonly amended: number;
  /** The share of news and filings that give orders to their reader. */
  readonly injected: number;
  /** Outlets per story of the news. */
  readonly outletsPerStory: Range;
}
