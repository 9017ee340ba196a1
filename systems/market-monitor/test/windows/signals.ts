import type { Signal } from '../../windows/signal.ts';

/** A signal of one event, with defaults. */
export const signal = (id: string, fields: Partial<Signal> = {}): Signal => ({
  id,
  portfolio: 'growth',
  rule: 'fast-move',
  severity: 'urgent',
  subject: 'cik:0000320193',
  ticker: 'AAPL',
  cause: 'price-move',
  title: 'AAPL fell 6.2 % in 5 minutes.',
  values: { movePct: -6.2 },
  atStakeUsd: 12_000,
  event: { source: 'bars', id: `bar-${id}`, type: 'market.bar.v1', time: '2026-11-27T15:00:00Z' },
  arrivedAt: 1_000,
  text: '',
  ...fields,
});
