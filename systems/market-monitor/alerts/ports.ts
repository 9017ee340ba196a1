import type { Clock } from '#core/ports/clock.ts';
import type { Alert } from './alert.ts';
import type { DeliveryMessage } from './delivery.ts';
import type { Opening } from './noisy-rule.ts';
import type { AlertPolicy } from './recipient.ts';
import type { Silence } from './silence.ts';

/** What holds for all alerts of a portfolio. */
export interface Standing {
  /** Alerts of whole markets, open or not. */
  readonly marketWide: readonly Alert[];
  readonly silences: readonly Silence[];
}

export interface AlertStore {
  /** Strongly consistent. */
  get(id: string): Promise<Alert | null>;
  /** Writes the next version, if the stored one is the version before it. */
  write(alert: Alert): Promise<'written' | 'refused'>;
  standing(portfolio: string): Promise<Standing>;
  /**
   * Counts an opening, once for each key. `refused`: the rule has opened as many as it may on that day. Openings at once do
   * not hinder each other, since a crash of the market opens an alert for each holding within a second.
   */
  countOpening(opening: Opening): Promise<'counted' | 'refused'>;
  /** Writes a silence once. `refused`: there is one of its id. */
  putSilence(silence: Silence): Promise<'written' | 'refused'>;
  /** Writes a silence that a person ended, once. `refused`: somebody has ended it already. */
  endSilence(silence: Silence): Promise<'written' | 'refused'>;
  /** Silences of a portfolio, also those that were over in the last 60 days. Strongly consistent. */
  silences(portfolio: string): Promise<readonly Silence[]>;
  /**
   * Alerts of a portfolio of the last weeks, open or not.
   * @param since only those that had a match or ended since then, in milliseconds since 1970. @default all
   */
  ofPortfolio(portfolio: string, since?: number): AsyncIterable<Alert>;
  /** Ids of alerts that somebody must look at by now. The list may lag behind. */
  due(now: number): AsyncIterable<string>;
}

/** Carries notifications to the function that sends them. */
export interface DeliveryQueue {
  /** At least once. Throws if one of them may not have been sent. */
  send(messages: readonly DeliveryMessage[]): Promise<void>;
}

export interface AlertPorts {
  readonly alerts: AlertStore;
  readonly deliveries: DeliveryQueue;
  /** Null: there is no such portfolio any more. */
  policyOf(portfolio: string): Promise<AlertPolicy | null>;
  readonly clock: Pick<Clock, 'now'>;
}
