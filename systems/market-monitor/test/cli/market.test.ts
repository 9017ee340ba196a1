import { expect, it } from 'vitest';
import { simulateMarket } from '@agent-fleet/simulated-market';
import { stateTable } from '#test/contract/local-services.ts';
import { dynamodbAlerts } from '../../alerts/dynamodb-alerts.ts';
import { raise } from '../../alerts/raise.ts';
import { holdingsForJudge } from '../../cli/market/demo-portfolios.ts';
import { paced } from '../../cli/market/player.ts';
import { settled } from '../../cli/market/settled.ts';
import type { MarketOfFleet } from '../../cli/market/own-fleet.ts';
import { matchOf, memoryPorts, POLICY } from '../alerts/support.ts';

const at = stateTable();
const { signal } = new AbortController();

it('sends everything in order, and what is due at once when it is behind', async () => {
  const sent: (readonly number[])[] = [];
  const numbers = Array.from({ length: 2_000 }, (_, index) => index);
  await paced(numbers, 1_000_000, (batch) => Promise.resolve(void sent.push(batch)), signal);
  expect(sent.flat()).toEqual(numbers);
  expect(sent.map((batch) => batch.length)).toEqual([500, 500, 500, 500]);
});

it('says how many notifications have not come within its patience', async () => {
  const alerts = dynamodbAlerts(at());
  const policyOf = () => Promise.resolve({ ...POLICY, portfolio: 'p9' });
  await raise({ ...memoryPorts(), alerts, policyOf }, [matchOf({ portfolio: 'p9' })]);
  const market = { table: at() } as MarketOfFleet;
  const receiver = { url: '', received: [], close: () => Promise.resolve() };
  expect(await settled(market, ['p9'], receiver, signal, 0)).toBe(1);
});

it('expects an alert for each loss beyond the limit that the portfolios of the demonstration have', () => {
  const { truth } = simulateMarket({ seed: 1, events: 1_000, day: '2026-11-17' });
  const missed = holdingsForJudge().flatMap((portfolio) => truth.judge([], portfolio).missedIncidents);
  expect(missed.filter((id) => id.endsWith('position-loss')).length).toBeGreaterThan(0);
});
