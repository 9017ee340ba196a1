import { expect, it } from 'vitest';
import { applyBatch } from '#core/streams/apply-batch.ts';
import { EMPTY } from '#core/streams/subject-item.ts';
import { marketRouter } from '../../router/apply.ts';
import type { Effect } from '../../router/effects.ts';
import { event, portfolio, watchers } from './day.ts';

/** As many portfolios as a fleet may have. */
const PORTFOLIOS = Array.from({ length: 25 }, (_, index) => portfolio({ id: `portfolio-with-a-long-name-${index}` }));

it('I19 an urgent filing with a long text is applied with all portfolios, and has its text once for each analyst', () => {
  const filing = event('market.filing.v1', {
    ticker: 'ACME',
    form: '8-K',
    accessionNumber: '0000000001-26-000001',
    items: ['1.03', '2.04', '5.02'],
    // Three bytes each.
    text: '破'.repeat(20_000),
    url: 'https://www.sec.gov/x',
  });
  const batch = {
    items: [{ event: filing }],
    context: watchers(...PORTFOLIOS),
    now: 0,
    memoryMs: 1,
    isSpilled: () => false,
  };
  const { rejected, next } = applyBatch(marketRouter, { item: EMPTY, state: {} }, batch);
  expect(rejected).toEqual([]);
  const effects = (next?.outbox ?? []).map(({ effect }) => effect as Extract<Effect, { kind: 'match' }>);
  expect(effects.filter(({ match }) => match.severity === 'urgent')).toHaveLength(PORTFOLIOS.length);
  const withText = effects.filter(({ text }) => text !== undefined);
  expect(withText.map(({ match }) => [match.agent, match.severity])).toEqual([['filings-8k', 'urgent']]);
});
