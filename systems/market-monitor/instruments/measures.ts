/**
 * The figures of an event, computed by code. Rules read them as `m`. A figure that the event does not have is 0, false or
 * empty. Percentages are points: −8.5 is a fall of 8.5 %.
 */
export class Measures {
  // Bars
  /** Of the bar itself, from open to close. */
  returnPct = 0;
  /** The furthest move to the bar's close within five minutes. A wick does not count. */
  fastPct = 0;
  /** Since the close of the session before. */
  dayPct = 0;
  /** The furthest earlier moves of the session in the same direction as `fastPct` and `dayPct`; at least 0. */
  fastPeak = 0;
  dayPeak = 0;
  /** The furthest rise and fall of the session before the event, since the previous close; at least 0. */
  dayUpPeak = 0;
  dayDownPeak = 0;
  /** The furthest moves of the session in any direction, before and after the event. */
  fastPeakBefore = 0;
  fastPeakAfter = 0;
  dayPeakBefore = 0;
  dayPeakAfter = 0;
  /** From the bar's low to its high. */
  rangePct = 0;
  /** Standard deviations from what is usual. 0 until enough bars are known. */
  returnZ = 0;
  volumeZ = 0;
  /** The recent bars' deviation divided by the usual one. */
  volatilityRatio = 0;
  /** Standard deviations of the close from the average of the recent closes. */
  bandZ = 0;
  close = 0;
  previousClose = 0;
  /** Bars of the session, with this one. */
  sessionBars = 0;
  /** A higher revision of a known bar. */
  correction = false;
  /** The price is too far off to believe: it moves nothing until the next bar confirms it. */
  suspect = false;
  /** The first bar of a session. `ended…` are figures of the session before. */
  newSession = false;
  endedFastPeak = 0;
  endedDayPeak = 0;
  endedDayUp = 0;
  endedDayDown = 0;
  endedPreviousClose = 0;
  /** When the session before had its last bar, in milliseconds since 1970. */
  endedAt = 0;
  /** Minutes since the last bar with `volumeZ` ≥ 4, `|returnZ|` ≥ 4, `volatilityRatio` ≥ 3. 1,000,000: never. */
  volumeQuietMinutes = NEVER_MINUTES;
  returnQuietMinutes = NEVER_MINUTES;
  volatilityQuietMinutes = NEVER_MINUTES;
  // Trading
  halted = false;
  /** Reason of the halt before this event. Empty: trading went on. */
  haltBefore = '';
  haltLevelBefore = 0;
  // News
  /** Headlines within one hour, with this one. */
  newsInHour = 0;
  /** Words in the headline that often move a price, such as "bankruptcy" or "recall". */
  materialWords = 0;
  newsQuietMinutes = NEVER_MINUTES;
  // Filings
  /** False for another copy of a known filing. */
  newFiling = false;
  /** Items that no filing of the last 30 days had, if it is an amendment; else its items. */
  newItems: readonly string[] = [];
  /** Filings of the last day that had one of the urgent items, with this one. */
  urgentFilings = 0;
  insiderUsd = 0;
  // Results, ratings, the economy
  epsSurprisePct = 0;
  revenueSurprisePct = 0;
  ratingSteps = 0;
  targetChangePct = 0;
  /** Actual less expected figure, in standard deviations of the indicator's surprises. */
  surpriseDeviations = 0;
  // A portfolio
  /** Holdings that moved in the same direction within 30 minutes, before and with this event, and their share. */
  movingBefore = 0;
  moving = 0;
  movingShare = 0;
}

export const NEVER_MINUTES = 1_000_000;

/** 8-K items that a person must hear of at once. */
export const URGENT_ITEMS: ReadonlySet<string> = new Set(['1.03', '1.05', '3.01', '4.02']);

/** A change in percent, rounded so that a threshold is met exactly: 184 after 200 is −8, not −7.999999999999996. */
export const percent = (from: number, to: number): number => Math.round(((to - from) / from) * 1e8) / 1e6;
