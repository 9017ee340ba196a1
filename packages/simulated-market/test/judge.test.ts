import { describe, expect, it } from 'vitest';
import { demoPortfolios, type Holdings, type JudgedAlert, type SimulatedMarket } from '../src/index.ts';
import { barsOf, smallDay } from './support.ts';

const market = smallDay({ seed: 8 });
const [portfolio] = demoPortfolios();
if (portfolio === undefined) throw new Error('There is no portfolio.');
const subjects = new Set([...portfolio.holdings.map(({ subject }) => subject), ...portfolio.watch]);
/** Without limits of losses. */
const holdings: Holdings = {
  holdings: portfolio.holdings.map(({ subject, quantity }) => ({ subject, quantity })),
  watch: portfolio.watch,
};

/** The alerts of a system that makes no mistake. */
const perfect = ({ truth }: SimulatedMarket): JudgedAlert[] =>
  truth.incidents
    .filter(({ urgent, subject, kind }) => urgent && (subjects.has(subject) || kind === 'circuit-breaker'))
    .map(({ subject, kind, events: [event] }) => ({
      subject,
      source: event?.source ?? '',
      eventId: event?.id ?? '',
      severity: 'urgent',
      cause: kind,
      group: `${subject} ${kind}`,
    }));

const figures = (alerts: JudgedAlert[], of: Holdings = holdings): object => {
  const { urgent, missed, false: wrong, duplicates } = market.truth.judge(alerts, of);
  return { urgent, missed, wrong, duplicates };
};

describe('judge', () => {
  const alerts = perfect(market);
  const urgent = alerts.length;

  it('finds nothing wrong with perfect alerts', () => {
    expect(urgent).toBeGreaterThanOrEqual(5);
    expect(figures(alerts)).toEqual({ urgent, missed: 0, wrong: 0, duplicates: 0 });
  });

  it('counts what is missed, and a second alert about the same', () => {
    expect(figures(alerts.slice(1))).toEqual({ urgent, missed: 1, wrong: 0, duplicates: 0 });
    expect(figures([...alerts, ...alerts.slice(2)])).toEqual({ urgent, missed: 0, wrong: 0, duplicates: urgent - 2 });
  });

  it('counts alerts about what only looks urgent, and about shares of others', () => {
    const quiet = market.truth.incidents.filter((incident) => !incident.urgent && subjects.has(incident.subject));
    expect(quiet.length).toBeGreaterThan(0);
    const about = ({ subject, events: [event] }: (typeof quiet)[number]): JudgedAlert => ({
      subject,
      source: event?.source ?? '',
      eventId: event?.id ?? '',
      severity: 'urgent',
      cause: 'price-move',
      group: '',
    });
    expect(figures([...alerts, ...quiet.map(about)])).toMatchObject({ missed: 0, wrong: quiet.length });
    const others = market.truth.incidents.filter(
      ({ urgent, ticker, subject }) => urgent && ticker !== null && !subjects.has(subject),
    );
    expect(figures([...alerts, ...others.map(about)])).toMatchObject({ missed: 0, wrong: others.length });
  });

  it('judges urgent alerts only', () => {
    expect(figures(alerts.map((alert) => ({ ...alert, severity: 'warning' })))).toMatchObject({
      missed: urgent,
      wrong: 0,
    });
  });

  it('expects an alert when a position loses more than its limit, by the bars', () => {
    const bars = barsOf(market);
    const losing = portfolio.holdings.find(({ subject }) => (market.truth.worstLoss(subject)?.usd ?? 0) > 5);
    if (losing === undefined) throw new Error('No position loses.');
    const worst = market.truth.worstLoss(losing.subject);
    const losses = (bars.get(losing.subject) ?? []).map(({ close, previousClose }) => previousClose - close);
    expect(worst?.usd).toBeCloseTo(Math.max(...losses));
    const limited = (share: number): Holdings => ({
      holdings: [{ ...losing, quantity: 100 }],
      watch: [],
      maxPositionLossUsd: (worst?.usd ?? 0) * 100 * share,
    });
    const loss = { ...alerts[0], subject: losing.subject, severity: 'urgent', cause: 'position-loss', group: 'loss' };
    const alert: JudgedAlert = { ...loss, source: worst?.event.source ?? '', eventId: worst?.event.id ?? '' };
    const ofMarket = alerts.filter(({ subject }) => subject === losing.subject || subject.startsWith('market:'));
    expect(figures(ofMarket, limited(1.2))).toMatchObject({ missed: 0, wrong: 0 });
    expect(figures([...ofMarket, alert], limited(1.2))).toMatchObject({ missed: 0, wrong: 1 });
    expect(figures([...ofMarket, alert, alert], limited(0.98))).toMatchObject({ missed: 0, wrong: 0, duplicates: 1 });
  });
});
