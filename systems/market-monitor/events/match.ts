/** How loud an alert is. `urgent` reaches a person at once, `warning` opens an alert, `info` stands in the digest. */
export type Severity = 'urgent' | 'warning' | 'info';

/** An event that a rule of a portfolio matched. The router makes it, alerts and digests read it. */
export interface Match {
  /** Derived from portfolio, rule, group and event: the same event matches once. */
  readonly id: string;
  readonly portfolio: string;
  readonly rule: string;
  /** Version of the portfolio's rules that was used. */
  readonly rulesVersion: number;
  readonly severity: Severity;
  /** Subject of the event. */
  readonly subject: string;
  readonly ticker: string;
  /** Alerts of one portfolio, subject and cause are one group: `price-move`, `halt`, `filing`, … */
  readonly cause: string;
  /** One sentence by code, with the figures: what happened. Text of others never stands in it. */
  readonly title: string;
  /** Figures that the rule used, by name. */
  readonly values: Readonly<Record<string, number>>;
  /** US dollars: the position's gain or loss since the previous close, or its value if there is none. At least 0. */
  readonly atStakeUsd: number;
  /** The event: `source` and `id`. */
  readonly event: { readonly source: string; readonly id: string; readonly type: string; readonly time: string };
  /** When the stream received the event, in milliseconds since 1970. */
  readonly arrivedAt: number;
  /** True if a newer event of the subject had been handled before. */
  readonly late: boolean;
  /** The agent that explains it, without the system's name: `price-move`. Null: none. */
  readonly agent: string | null;
  /**
   * How far it has gone, from 1: a higher step within the same severity is an escalation and reaches people again, such as
   * each further 5 points of a move, a higher level of a circuit breaker, or one more urgent filing. Absent: 1.
   */
  readonly step?: number;
  /** True if the event ends what the group is about, such as a resumption of trading: the group is resolved. */
  readonly resolves?: boolean;
}

type Without = 'rulesVersion' | 'values' | 'atStakeUsd' | 'late' | 'agent';

/** A match that this system makes itself, about the stream or a rule: it has no figures, and no agent explains it. */
export const ownMatch = (about: Omit<Match, Without> & Partial<Pick<Match, Without>>): Match => ({
  rulesVersion: 0,
  values: {},
  atStakeUsd: 0,
  late: false,
  agent: null,
  ...about,
});
