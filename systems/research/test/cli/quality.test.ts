import type { SimulatedWeb, TruthEvent } from '@agent-fleet/simulated-web';
import { expect, test } from 'vitest';
import { qualityOf } from '../../cli/quality.ts';
import { claim } from '../claims/support.ts';
import { fullBrief, row } from '../brief/support.ts';

const PAGE = 'http://acme.test/pricing';
const FIRST = 'New price since October 13, 2026: $55 a month (before: $41).';
const SECOND = 'Cobalt has cost $20 a month since October 21, 2026.';
const event = (id: string, date: string, sentence: string) =>
  ({
    id,
    company: 'acme',
    kind: 'price-rise',
    date,
    findable: true,
    contradictedBy: [],
    told: [{ url: PAGE, sentence }],
  }) as unknown as TruthEvent;

const web = {
  companies: [{ id: 'acme', host: 'acme.test' }],
  injections: () => [],
  truth: () => [event('e1', '2026-10-13', FIRST), event('e2', '2026-10-21', SECOND)],
} as unknown as SimulatedWeb;

const told = (quote: string, date: string) =>
  claim(quote, {
    kind: 'price-rise',
    date,
    sources: [{ url: PAGE, title: '', published: null, fetched: '2026-10-30T22:00:00Z', quote }],
  });
const briefOf = (...fresh: readonly ReturnType<typeof told>[]) => ({
  ...fullBrief(0),
  night: '2026-10-30',
  companies: [row('acme.test', { fresh: [...fresh] })],
});

test('two events that one page tells are two, and a claim that tells one again is a duplicate', () => {
  const [first, second] = [told(FIRST, '2026-10-13'), told(SECOND, '2026-10-21')];
  expect(qualityOf([briefOf(first, second)], web)).toEqual({ precision: 1, recall: 1, duplicates: 0, injected: 0 });
  // In other words than the page's it is the event of the nearest day.
  const worded = told('Since then Cobalt costs more.', '2026-10-20');
  expect(qualityOf([briefOf(first, worded)], web)).toMatchObject({ recall: 1, duplicates: 0 });
  expect(qualityOf([briefOf(first, told(FIRST, '2026-10-14'))], web)).toMatchObject({ recall: 0.5, duplicates: 1 });
});
