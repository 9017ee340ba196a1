import type { Alert } from '../../alerts/alert.ts';
import type { DeliveryMessage } from '../../alerts/delivery.ts';
import type { SweepPorts } from '../../alerts/act.ts';
import type { AlertStore, Standing } from '../../alerts/ports.ts';
import type { AlertPolicy } from '../../alerts/recipient.ts';
import { isMarketWide } from '../../alerts/alert.ts';
import { attentionAt } from '../../alerts/alert.ts';
import type { Opening } from '../../alerts/noisy-rule.ts';
import type { Silence } from '../../alerts/silence.ts';
import type { Context } from '../../alerts/notifying.ts';
import type { Match } from '../../events/match.ts';

export const NOW = Date.parse('2026-11-27T15:00:00Z');
export const MINUTE = 60_000;
export const HOUR = 3_600_000;

export const matchOf = (change: Partial<Match> = {}): Match => ({
  id: 'match-1',
  portfolio: 'tech',
  rule: 'fast-move',
  rulesVersion: 1,
  severity: 'urgent',
  subject: 'cik:0000320193',
  ticker: 'AAPL',
  cause: 'price-move',
  title: 'AAPL fell 5.2 % within five minutes',
  values: { move5: -5.2 },
  atStakeUsd: 10_000,
  event: { source: 'bars', id: 'AAPL-1500-0', type: 'market.bar.v1', time: '2026-11-27T15:00:00Z' },
  arrivedAt: NOW,
  late: false,
  agent: 'price-move',
  ...change,
});

export const contextOf = (change: Partial<Context> = {}): Context => ({
  now: NOW,
  quietUntil: null,
  inhibitedBy: null,
  silences: [],
  ruleStopped: false,
  repeatAfterMs: 4 * HOUR,
  ...change,
});

/** An event at a time, of a match. */
export const eventAt = (time: string, id = time): Match['event'] => ({
  source: 'bars',
  id,
  type: 'market.bar.v1',
  time,
});

export const POLICY: AlertPolicy = {
  portfolio: 'tech',
  recipients: [
    { kind: 'pagerduty', name: 'on-call', routingKeySecret: 'pd' },
    { kind: 'slack', name: 'channel', urlSecret: 'slack' },
  ],
  quiet: null,
};

/** Where a crash may strike. */
export type Strike = (point: string) => void;

/** Alerts in memory, with the conditional writes of the table. */
export class MemoryAlerts implements AlertStore {
  readonly items = new Map<string, Alert>();
  /** Keys by portfolio, rule and day. */
  readonly opened = new Map<string, Set<string>>();
  /** Calls by name, and writes that were refused. */
  readonly calls = { get: 0, write: 0, standing: 0, countOpening: 0, refused: 0 };
  readonly kept: Silence[] = [];
  readonly #strike: Strike;

  constructor(strike: Strike = () => undefined) {
    this.#strike = strike;
  }

  async get(id: string): Promise<Alert | null> {
    this.calls.get += 1;
    await Promise.resolve();
    return this.items.get(id) ?? null;
  }

  async write(alert: Alert): Promise<'written' | 'refused'> {
    this.calls.write += 1;
    this.#strike('before write');
    await Promise.resolve();
    if ((this.items.get(alert.id)?.version ?? 0) !== alert.version - 1) {
      this.calls.refused += 1;
      return 'refused';
    }
    this.items.set(alert.id, structuredClone(alert));
    this.#strike('after write');
    return 'written';
  }

  async standing(portfolio: string): Promise<Standing> {
    this.calls.standing += 1;
    await Promise.resolve();
    const own = <Item extends { portfolio: string }>(all: Iterable<Item>): Item[] =>
      [...all].filter((each) => each.portfolio === portfolio);
    return {
      marketWide: own(this.items.values()).filter(isMarketWide),
      silences: own(this.kept),
    };
  }

  async countOpening({ portfolio, rule, day, key, max }: Opening): Promise<'counted' | 'refused'> {
    this.calls.countOpening += 1;
    await Promise.resolve();
    const id = `${portfolio}/${rule}/${day}`;
    const opened = this.opened.get(id) ?? new Set();
    if (!opened.has(key) && opened.size >= max) return 'refused';
    this.opened.set(id, opened.add(key));
    this.#strike('after count');
    return 'counted';
  }

  async putSilence(silence: Silence): Promise<'written' | 'refused'> {
    await Promise.resolve();
    if (this.kept.some(({ id }) => id === silence.id)) return 'refused';
    this.kept.push(silence);
    return 'written';
  }

  async endSilence(silence: Silence): Promise<'written' | 'refused'> {
    await Promise.resolve();
    const at = this.kept.findIndex(({ id, ended }) => id === silence.id && ended === undefined);
    if (at < 0) return 'refused';
    this.kept[at] = silence;
    this.#strike('after end');
    return 'written';
  }

  async silences(portfolio: string): Promise<readonly Silence[]> {
    return (await this.standing(portfolio)).silences;
  }

  async *ofPortfolio(portfolio: string): AsyncGenerator<Alert> {
    await Promise.resolve();
    yield* [...this.items.values()].filter((each) => each.portfolio === portfolio);
  }

  async *due(now: number): AsyncGenerator<string> {
    await Promise.resolve();
    for (const alert of this.items.values()) {
      const at = attentionAt(alert);
      if (at !== null && at <= now) yield alert.id;
    }
  }
}

/** Ports over memory, whose clock the test sets. */
export function memoryPorts(
  strike: Strike = () => undefined,
  policy: AlertPolicy = POLICY,
): SweepPorts & {
  alerts: MemoryAlerts;
  sent: DeliveryMessage[];
  time: { now: number };
  holds: { now: boolean | null };
} {
  const sent: DeliveryMessage[] = [];
  const time = { now: NOW };
  const holds: { now: boolean | null } = { now: null };
  return {
    alerts: new MemoryAlerts(strike),
    sent,
    time,
    clock: { now: () => time.now },
    holds,
    stillHolds: () => Promise.resolve(holds.now),
    policyOf: (portfolio) => Promise.resolve(portfolio === policy.portfolio ? policy : null),
    deliveries: {
      async send(messages) {
        await Promise.resolve();
        for (const message of messages) {
          strike('before send');
          sent.push(message);
          strike('after send');
        }
      },
    },
  };
}

/** A halt of the market, its end, and how many notifications of a cause were queued. */
export const circuitBreaker = (id: string, time: string) =>
  matchOf({ id, subject: 'market:XNYS', cause: 'circuit-breaker', ticker: 'XNYS', event: eventAt(time) });
export const resumption = (id: string, time: string): Match => ({
  ...circuitBreaker(id, time),
  severity: 'warning',
  resolves: true,
});
export const toldOf = ({ sent }: ReturnType<typeof memoryPorts>, cause: string) =>
  new Set(sent.flatMap(({ alert, notification }) => (alert.endsWith(cause) ? [notification] : []))).size;
