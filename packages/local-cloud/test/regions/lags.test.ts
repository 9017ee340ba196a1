import { expect, it } from 'vitest';
import { Lags } from '../../src/services/dynamodb/replication/figures.ts';

it('a lag counts for a minute, so that an outage is over in the figures soon after it', () => {
  const lags = new Lags();
  expect(lags.p99(0)).toBe(0);
  for (let at = 0; at < 100; at += 1) lags.add(40_000, at);
  for (let at = 30_000; at < 30_200; at += 1) lags.add(900, at);
  expect(lags.p99(31_000)).toBe(40_000);
  expect(lags.p99(61_000)).toBe(900);
  expect(lags.p99(120_000)).toBe(0);
  expect(lags.max).toBe(40_000);
});
