import { describe, expect, it } from 'vitest';
import type { EventType } from '../../events/events.ts';
import { Measures } from '../../instruments/measures.ts';
import { DEFAULT_RULES } from '../../rules/defaults.ts';
import type { Rule } from '../../rules/rule.ts';
import { titleOf } from '../../rules/title.ts';
import { PositionVariable } from '../../rules/variables.ts';
import { bar, day, event, portfolio, watchers } from '../router/day.ts';

const news = (minutes: number, headline: string) =>
  event(
    'market.news.v1',
    { tickers: ['ACME'], headline, summary: '', url: 'https://x.example/1', outlet: 'x' },
    { minutes },
  );

describe('sentences by code', () => {
  it('show no figure that is 0 as shown, and no count that disagrees with its noun', () => {
    const m = Object.assign(new Measures(), {
      close: 100,
      fastPct: -0.04,
      dayPct: 0.01,
      volumeZ: 5,
      newsInHour: 1,
      ratingSteps: -1,
    });
    const said = (type: EventType, cause: string, data: object = {}): string =>
      titleOf({
        rule: { id: 'r', when: 'true', severity: 'info', cause } satisfies Rule,
        event: { type, subject: 'cik:0000000001', time: 0, late: false, data } as never,
        ticker: 'ACME',
        m,
        position: new PositionVariable(),
      });
    const all = [
      said('market.bar.v1', 'price-move'),
      said('market.bar.v1', 'volume'),
      said('market.news.v1', 'news'),
      said('market.rating.v1', 'rating'),
    ];
    for (const each of all) expect(each).not.toMatch(/[−+ ]0(?:\.0)? (?:%|words?)|\b1 (?:headlines|steps|words)\b/);
    expect(all).toEqual([
      'ACME is unchanged within five minutes and is unchanged since the previous close, to 100.00.',
      'Far more of ACME is traded than usual (5.0 standard deviations); its price is unchanged within five minutes.',
      '1 headline about ACME within one hour.',
      'A broker lowered its rating of ACME by 1 step.',
    ]);
  });
});

describe('a warning', () => {
  it('is no matter of how many headlines there are: those stand in the digest', () => {
    const many = Array.from({ length: 12 }, (_, minute) => news(minute, 'ACME opens another office'));
    expect(day(many).matches.filter(({ severity }) => severity !== 'info')).toEqual([]);
  });

  it('about volume or volatility does not double an urgent alert about the move', () => {
    const calm = Array.from({ length: 30 }, (_, index) => bar(index * 5, { close: 100 + (index % 2) / 10 }));
    const told = (close: number): string[] =>
      day([...calm, bar(150, { open: 100, close, volume: 900_000 })]).matches.map(
        ({ severity, cause }) => `${severity} ${cause}`,
      );
    expect(told(100.8)).toContain('warning volume');
    expect(told(93)).toEqual(['urgent price-move']);
  });

  it('asks no analyst for headlines without a material word', () => {
    expect(
      DEFAULT_RULES.filter(
        ({ on, agent, when }) =>
          on?.includes('market.news.v1') === true && agent !== undefined && !when.includes('materialWords'),
      ),
    ).toEqual([]);
  });
});

describe('money at stake', () => {
  it('is the loss that the sentence about it names', () => {
    const limits = { maxPositionLossUsd: 5_000 };
    const { matches } = day([bar(0, { close: 90, open: 95 })], watchers(portfolio({ limits })));
    const loss = matches.find(({ cause }) => cause === 'position-loss');
    expect(loss?.title).toContain('has lost $10,000');
    expect(new Set(matches.map(({ atStakeUsd }) => atStakeUsd))).toEqual(new Set([10_000]));
  });

  it('is the value of the position while its price has not moved', () => {
    const filing = event(
      'market.filing.v1',
      { form: '8-K', accessionNumber: '0000000001-26-000001', items: ['1.03'], text: '', url: 'https://x.example/2' },
      { minutes: 6 },
    );
    const { matches } = day([bar(0, { close: 100 }), filing]);
    expect(matches.map(({ atStakeUsd }) => atStakeUsd)).toEqual([100_000]);
  });
});
