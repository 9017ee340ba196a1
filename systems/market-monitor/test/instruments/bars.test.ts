import { describe, expect, it } from 'vitest';
import { bar, day, event, portfolio, urgent, watchers } from '../router/day.ts';

const calm = bar(0, { close: 100 });
const rulesOf = (...events: Parameters<typeof day>[0]) => day(events).matches.map(({ rule }) => rule);

describe('a correction', () => {
  it('does not alarm twice', () => {
    const drop = bar(5, { open: 100, close: 91 });
    expect(urgent([calm, drop, bar(5, { open: 100, close: 90.5, revision: 1 })])).toEqual(['day-move', 'fast-move']);
  });

  it('alarms if it makes a move', () => {
    expect(urgent([calm, bar(5, { close: 99 }), bar(5, { open: 100, close: 94, revision: 1 })])).toEqual(['fast-move']);
  });

  it('withdraws a move, whose next crossing then alarms again', () => {
    const wrong = [calm, bar(5, { open: 100, close: 80 }), bar(5, { open: 100, close: 100, revision: 1 })];
    expect(rulesOf(...wrong).at(-1)).toBe('move-withdrawn');
    expect(urgent([...wrong, bar(10, { close: 91 })]).at(-1)).toBe('fast-move');
  });

  it('is ignored if it is not newer than what is known', () => {
    const right = bar(5, { close: 100, revision: 2 });
    expect(
      rulesOf(
        calm,
        right,
        bar(5, { close: 80 }),
        bar(5, { close: 80, revision: 1 }),
        bar(5, { close: 80, revision: 2 }),
      ),
    ).toEqual([]);
  });
});

describe('a late bar', () => {
  it('does not move the state back', () => {
    const { state } = day([calm, bar(10, { close: 99 }), bar(5, { close: 98 }, { late: true })]);
    expect(state.recent?.map(({ c }) => c)).toEqual([100, 98, 99]);
  });

  it('alarms of its move, and says that it is late', () => {
    const { matches } = day([calm, bar(10, { close: 96 }), bar(5, { open: 100, close: 94.5 }, { late: true })]);
    expect(matches).toMatchObject([{ rule: 'fast-move', late: true }]);
  });

  it('of a session that has ended changes nothing', () => {
    const today = [calm, bar(24 * 60, { close: 100 })];
    const { state } = day(today);
    const late = day([...today, bar(5, { close: 80 }, { late: true })]);
    expect(late.state).toEqual(state);
    expect(late.matches).toEqual([]);
  });
});

describe('a split', () => {
  const split = (exDate: string, minutes: number) =>
    event('market.corporate-action.v1', { ticker: 'ACME', action: 'split', exDate, ratio: 4 }, { minutes });
  const first = bar(24 * 60, { close: 25, previousClose: 25 });

  it('that is announced the day before is no crash', () => {
    expect(rulesOf(calm, split('2026-12-01', 5), bar(10, { close: 100 }), first)).toEqual([]);
  });

  it('that is announced after its first bar is no crash', () => {
    expect(
      rulesOf(calm, first, split('2026-12-01', 24 * 60 + 6), bar(24 * 60 + 10, { close: 25.2, previousClose: 25 })),
    ).toEqual([]);
  });

  it('within a session is no crash', () => {
    const after = bar(5, { close: 25, previousClose: 25 });
    expect(rulesOf(calm, split('2026-11-30', 3), after)).toEqual([]);
    expect(day([calm, split('2026-11-30', 3), after]).state.recent?.map(({ c }) => c)).toEqual([25, 25]);
  });

  it('does not hide a crash of the same day', () => {
    expect(
      urgent([calm, split('2026-12-01', 5), first, bar(24 * 60 + 5, { open: 25, close: 23.7, previousClose: 25 })]),
    ).toEqual(['fast-move']);
  });

  it('changes how many shares a portfolio has', () => {
    const limited = watchers(portfolio({ limits: { maxPositionLossUsd: 3_000 } }));
    const loss = bar(24 * 60, { close: 24.2, previousClose: 25 });
    expect(urgent([calm, split('2026-12-01', 5), loss], limited)).toEqual(['position-loss']);
    const newer = watchers(portfolio({ asOf: '2026-12-01', limits: { maxPositionLossUsd: 3_000 } }));
    expect(urgent([calm, split('2026-12-01', 5), loss], newer)).toEqual([]);
  });
});

describe('a price that is far off', () => {
  it('is a warning, and no move', () => {
    expect(rulesOf(calm, bar(5, { close: 100_000 }), bar(10, { close: 100 }))).toEqual(['implausible-price']);
    expect(rulesOf(calm, bar(5, { close: 0.1 }), bar(10, { close: 100.2 }))).toEqual(['implausible-price']);
    expect(rulesOf(bar(0, { close: 50 }))).toEqual(['implausible-price']);
    expect(rulesOf(bar(0, { close: 50.01 }))).toEqual(['day-move']);
  });

  it('is believed once the next bar confirms it', () => {
    expect(rulesOf(calm, bar(5, { close: 40 }), bar(10, { close: 41 }))).toEqual([
      'implausible-price',
      'day-move',
      'fast-move',
    ]);
  });

  it('is not confirmed by an older bar', () => {
    const late = bar(5, { close: 41 }, { late: true });
    expect(rulesOf(calm, bar(10, { close: 40 }), late)).toEqual(['implausible-price', 'implausible-price']);
  });

  it('is believed at once after a halt', () => {
    const halted = event('market.trading-status.v1', { status: 'halted', reason: 'news-pending' }, { minutes: 6 });
    const resumed = event('market.trading-status.v1', { status: 'resumed', reason: 'news-pending' }, { minutes: 20 });
    expect(urgent([calm, halted, resumed, bar(20, { close: 40 })])).toEqual(['halt', 'fast-move', 'day-move']);
  });

  it('is believed with another ticker if the price is that of the instrument', () => {
    expect(rulesOf(calm, bar(5, { close: 101, ticker: 'OTHER' }), bar(10, { close: 100 }))).toEqual([]);
  });

  it('with the ticker of another instrument is not believed', () => {
    const other = bar(24 * 60, { close: 250, previousClose: 251, ticker: 'OTHER' });
    expect(rulesOf(calm, other, bar(24 * 60 + 5, { close: 100 }))).toEqual(['implausible-price']);
    expect(rulesOf(calm, bar(5, { close: 90, ticker: 'OTHER' }), bar(10, { close: 100 }))).toEqual([
      'implausible-price',
    ]);
  });

  it('does not follow a change of the ticker', () => {
    const change = event('market.corporate-action.v1', {
      ticker: 'ACME',
      action: 'ticker-change',
      exDate: '2026-11-30',
      newTicker: 'NEW',
    });
    expect(rulesOf(calm, change, bar(5, { close: 100, ticker: 'NEW' }))).toEqual([]);
  });
});

describe('what is usual', () => {
  const quiet = Array.from({ length: 40 }, (_, index) =>
    bar(index * 5, { open: 100, close: 100 + (index % 2) / 10, volume: 10_000 + (index % 3) * 500 }),
  );

  it('makes no match', () => {
    expect(rulesOf(...quiet)).toEqual([]);
  });

  it('is compared with a bar of much volume, once in an hour', () => {
    const many = [0, 5, 10, 70].map((minutes) => bar(200 + minutes, { close: 100, volume: 120_000 }));
    expect(rulesOf(...quiet, ...many)).toEqual(['volume-anomaly', 'volume-anomaly']);
  });

  it('keeps a state below 3 KB', () => {
    expect(JSON.stringify(day(quiet).state).length).toBeLessThan(1_500);
  });
});
