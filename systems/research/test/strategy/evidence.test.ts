import { expect, test } from 'vitest';
import { strategist } from '../../agents/strategist.ts';
import { batchesOf, movesOf } from '../../strategy/batches.ts';
import { findPairs, type Compared } from '../../strategy/pairs.ts';
import { claim } from '../claims/support.ts';

const AD = claim('Our site in Denver has room for 100 new colleagues.', {
  kind: 'hiring',
  magnitude: 5,
  names: ['You', 'Free', 'Paychex'],
});
const NAMING = claim('Rollins sells its service to former customers of Paychex.', { magnitude: 2 });
const company = (id: string, name: string, news: Compared['news']): Compared => ({
  id,
  name,
  sector: 'Services',
  news,
});
const PAYCHEX = company('paychex', 'Paychex, Inc.', [
  claim('Paychex has room for 20 new colleagues.', { kind: 'hiring' }),
]);
const move = (evidence: string[]) => ({
  pair: 'p1',
  kind: 'takes-people' as const,
  magnitude: 3,
  evidence,
  why: 'It does.',
});

test('companies are a pair only if the quote of a claim of one names the other', () => {
  const other = company('rollins', 'Rollins, Inc.', [AD]);
  expect(findPairs([other, PAYCHEX], 10)).toEqual([]);
  const naming = company('rollins', 'Rollins, Inc.', [AD, NAMING]);
  expect(findPairs([naming, PAYCHEX], 10)).toMatchObject([{ by: 'rollins', against: 'paychex' }]);
});

test('a move counts only with a claim of its company whose quote names the other one, also if a stored answer says so', () => {
  const companies = [company('rollins', 'Rollins, Inc.', [AD, NAMING]), PAYCHEX];
  const [batch] = batchesOf(findPairs(companies, 10), companies, '2026-11-10');
  if (batch === undefined) throw new Error('no batch');
  // The naming claim comes first, whatever its magnitude.
  expect(batch.input.pairs[0]?.by.claims.map(({ quote }) => quote)).toEqual([NAMING.quote, AD.quote]);
  const problems = (evidence: string[]): readonly string[] => {
    const judged = strategist.judge({ moves: [move(evidence)] }, batch.input.pairs);
    return judged.ok ? [] : judged.problems;
  };
  expect(problems(['c2'])).toEqual([expect.stringContaining('whose quote names the second')]);
  expect(problems(['c3'])).toEqual([expect.stringContaining('a claim of the first company')]);
  expect(problems(['c1', 'c2'])).toEqual([]);
  expect(movesOf([move(['c2']), move(['c3']), move(['c9'])], batch)).toEqual([]);
  expect(movesOf([move(['c2', 'c1'])], batch)).toMatchObject([{ by: 'rollins', evidence: [AD.id, NAMING.id] }]);
});
