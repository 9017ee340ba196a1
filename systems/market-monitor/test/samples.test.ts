import { readFileSync } from 'node:fs';
import { demoPortfolios } from '@agent-fleet/simulated-market';
import { expect, it } from 'vitest';
import { holdingsForJudge, portfoliosFor } from '../cli/market/demo-portfolios.ts';
import { portfolioFileSchema, subjectOf } from '../portfolios/portfolio.ts';

it.each(demoPortfolios())('has the simulated portfolio $id as a file', (demo) => {
  const text = readFileSync(new URL(`../samples/${demo.id}.json`, import.meta.url), 'utf8');
  const file = portfolioFileSchema({ privateAddresses: false }).parse(JSON.parse(text));
  expect(file.holdings.map(({ cik, ticker, quantity }) => ({ subject: subjectOf(cik), ticker, quantity }))).toEqual(
    demo.holdings,
  );
  expect(file.watch.map(({ cik }) => subjectOf(cik))).toEqual(demo.watch);
  expect(file.limits.maxPositionLossUsd).toBe(demo.maxPositionLossUsd);
  const played = portfoliosFor('http://127.0.0.1:1/alerts', '2026-11-17').find(({ id }) => id === demo.id);
  const { quietHours: _, ...rest } = file;
  const recipients = [{ kind: 'callback', name: 'demo', url: 'http://127.0.0.1:1/alerts' }];
  expect(played).toEqual({ ...rest, asOf: '2026-11-17', recipients });
  expect(holdingsForJudge()).toContainEqual(demo);
});
