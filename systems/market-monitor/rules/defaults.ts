import type { Rule } from './rule.ts';

/**
 * The rules of every portfolio, unless it replaces or disables them. The urgent ones are those of docs/adr/0040-market-monitor.md.
 * `m.fastPeak` and `m.dayPeak` make a threshold match once per session and direction.
 */
const URGENT: readonly Rule[] = [
  {
    id: 'fast-move',
    on: ['market.bar.v1'],
    when: 'crossed(m.fastPct, m.fastPeak, 5.0, 5.0)',
    step: 'level(m.fastPct, 5.0, 5.0)',
    severity: 'urgent',
    cause: 'price-move',
    agent: 'price-move',
  },
  {
    id: 'day-move',
    on: ['market.bar.v1'],
    when: 'crossed(m.dayPct, m.dayPeak, 8.0, 5.0)',
    step: 'level(m.dayPct, 8.0, 5.0)',
    severity: 'urgent',
    cause: 'price-move',
    agent: 'price-move',
  },
  {
    id: 'position-loss',
    on: ['market.bar.v1'],
    when: 'limits.maxPositionLossUsd > 0.0 && position.lossUsd > limits.maxPositionLossUsd && position.lossPeakUsd <= limits.maxPositionLossUsd',
    severity: 'urgent',
    cause: 'position-loss',
    agent: 'price-move',
  },
  {
    id: 'halt',
    on: ['market.trading-status.v1'],
    when: 'event.subject.startsWith("cik:") && event.status == "halted" && !(event.reason in ["luld", "circuit-breaker"]) && m.haltBefore != event.reason',
    severity: 'urgent',
    cause: 'halt',
    agent: 'news-sentiment',
  },
  {
    id: 'circuit-breaker',
    on: ['market.trading-status.v1'],
    when: 'event.subject.startsWith("market:") && event.status == "halted" && event.reason == "circuit-breaker" && (m.haltBefore != event.reason || event.level > m.haltLevelBefore)',
    step: 'event.level',
    severity: 'urgent',
    cause: 'circuit-breaker',
    agent: 'macro',
  },
  {
    id: 'urgent-filing',
    on: ['market.filing.v1'],
    when: 'event.form in ["8-K", "8-K/A"] && m.newItems.exists(item, item in ["1.03", "1.05", "3.01", "4.02"])',
    step: 'm.urgentFilings',
    severity: 'urgent',
    cause: 'filing',
    agent: 'filings-8k',
  },
];

/** What ends an alert. */
const ENDS: readonly Rule[] = [
  {
    id: 'trading-resumes',
    on: ['market.trading-status.v1'],
    when: 'event.subject.startsWith("cik:") && event.status == "resumed" && m.haltBefore != ""',
    severity: 'warning',
    cause: 'halt',
    resolves: true,
  },
  {
    id: 'market-resumes',
    on: ['market.trading-status.v1'],
    when: 'event.subject.startsWith("market:") && event.status == "resumed"',
    severity: 'warning',
    cause: 'circuit-breaker',
    resolves: true,
  },
  {
    id: 'next-session',
    on: ['market.bar.v1'],
    when: 'm.newSession && (m.endedFastPeak >= 5.0 || m.endedDayPeak >= 8.0)',
    severity: 'warning',
    cause: 'price-move',
    resolves: true,
  },
  {
    id: 'next-session-loss',
    on: ['market.bar.v1'],
    when: 'm.newSession && limits.maxPositionLossUsd > 0.0 && position.endedLossUsd > limits.maxPositionLossUsd',
    severity: 'warning',
    cause: 'position-loss',
    resolves: true,
  },
  {
    id: 'move-withdrawn',
    on: ['market.bar.v1'],
    when: 'm.correction && (m.fastPeakBefore >= 5.0 || m.dayPeakBefore >= 8.0) && m.fastPeakAfter < 5.0 && m.dayPeakAfter < 8.0',
    severity: 'warning',
    cause: 'price-move',
    resolves: true,
  },
];

/** Of a move that an urgent rule tells of, its volume and its range are no news of their own. */
const WARNINGS: readonly Rule[] = [
  {
    id: 'implausible-price',
    on: ['market.bar.v1'],
    when: 'm.suspect',
    severity: 'warning',
    cause: 'implausible-price',
  },
  {
    id: 'volume-anomaly',
    on: ['market.bar.v1'],
    when: 'm.volumeZ >= 4.0 && abs(m.fastPct) < 5.0 && abs(m.dayPct) < 8.0 && m.volumeQuietMinutes >= 60.0',
    severity: 'warning',
    cause: 'volume',
    agent: 'volume-anomaly',
  },
  {
    id: 'volatility',
    on: ['market.bar.v1'],
    when: 'm.volatilityRatio >= 4.0 && abs(m.fastPct) < 5.0 && abs(m.dayPct) < 8.0 && m.volatilityQuietMinutes >= 60.0',
    severity: 'warning',
    cause: 'volatility',
    agent: 'volatility',
  },
  {
    id: 'wide-range',
    on: ['market.bar.v1'],
    when: 'm.rangePct >= 8.0 && abs(m.fastPct) < 5.0 && m.volatilityQuietMinutes >= 60.0',
    severity: 'warning',
    cause: 'volatility',
  },
  {
    id: 'unusual-return',
    on: ['market.bar.v1'],
    when: 'abs(m.returnZ) >= 6.0 && abs(m.fastPct) >= 1.5 && abs(m.fastPct) < 5.0 && m.returnQuietMinutes >= 60.0',
    severity: 'info',
    cause: 'price-move',
    agent: 'price-move',
  },
  {
    id: 'market-halt',
    on: ['market.trading-status.v1'],
    when: 'event.subject.startsWith("market:") && event.status == "halted" && event.reason != "circuit-breaker" && m.haltBefore != event.reason',
    severity: 'warning',
    cause: 'exchange',
    agent: 'macro',
  },
  {
    id: 'correlation',
    on: ['market.move.v1'],
    when: 'm.moving >= 3.0 && m.movingShare >= 0.3 && (m.movingBefore < 3.0 || m.movingShare * m.movingBefore < 0.3 * m.moving)',
    severity: 'warning',
    cause: 'correlation',
    agent: 'correlation',
  },
];

const TEXTS: readonly Rule[] = [
  {
    id: 'material-news',
    on: ['market.news.v1'],
    when: 'm.materialWords >= 1.0 && m.newsQuietMinutes >= 30.0',
    severity: 'info',
    cause: 'news',
    agent: 'news-sentiment',
  },
  {
    id: 'news-burst',
    on: ['market.news.v1'],
    when: 'm.newsInHour == 5.0',
    severity: 'info',
    cause: 'news',
  },
  {
    id: 'earnings',
    on: ['market.earnings.v1'],
    when: 'abs(m.epsSurprisePct) >= 10.0 || abs(m.revenueSurprisePct) >= 5.0',
    severity: 'warning',
    cause: 'earnings',
    agent: 'earnings',
  },
  {
    id: 'earnings-as-expected',
    on: ['market.earnings.v1'],
    when: 'abs(m.epsSurprisePct) < 10.0 && abs(m.revenueSurprisePct) < 5.0 && position.held',
    severity: 'info',
    cause: 'earnings',
    agent: 'earnings',
  },
  {
    id: 'material-filing',
    on: ['market.filing.v1'],
    when: 'event.form in ["8-K", "8-K/A"] && m.newItems.exists(item, item in ["1.01", "1.02", "2.01", "2.04", "2.05", "2.06", "4.01", "5.01", "5.02"])',
    severity: 'info',
    cause: 'filing',
    agent: 'filings-8k',
  },
  {
    id: 'insider-trade',
    on: ['market.filing.v1'],
    when: 'm.newFiling && event.form in ["4", "4/A"] && abs(m.insiderUsd) >= 1000000.0',
    severity: 'info',
    cause: 'insider-trade',
    agent: 'insider-trades',
  },
  {
    id: 'rating-change',
    on: ['market.rating.v1'],
    when: 'abs(m.ratingSteps) >= 1.0 || abs(m.targetChangePct) >= 15.0',
    severity: 'info',
    cause: 'rating',
    agent: 'analyst-rating',
  },
  {
    id: 'double-downgrade',
    on: ['market.rating.v1'],
    when: 'm.ratingSteps <= -2.0 && position.held',
    severity: 'warning',
    cause: 'rating',
  },
  {
    id: 'macro-surprise',
    on: ['market.macro.v1'],
    when: 'abs(m.surpriseDeviations) >= 2.0',
    severity: 'warning',
    cause: 'macro',
    agent: 'macro',
  },
];

export const DEFAULT_RULES: readonly Rule[] = [...URGENT, ...ENDS, ...WARNINGS, ...TEXTS];
