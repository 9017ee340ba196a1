import { createTopic } from '@agent-fleet/local-cloud/testing/kafka-topic';
import { kafkaProblem, startKafka } from '@agent-fleet/local-cloud/testing/kafka';
import { describe, expect, it } from 'vitest';
import type { Alert } from '../../alerts/alert.ts';
import { busyDay, holderOfDay } from './busy-day.ts';
import { expectedOf, handledIn, statesIn } from './expected.ts';
import { startMarketFleet, type MarketFleet } from './market-fleet.ts';

const problem = await kafkaProblem();
// A skipped test must say why.
const reason = problem === undefined ? '' : ` (skipped: ${problem})`;

/**
 * Whether an event is late depends on the batch that brings it, and the two streams cut their batches differently. So no
 * event overtakes another one of its source here. Duplicates and broken records remain.
 */
const records = busyDay({ faults: { reordered: 0, gap: 0, 'clock-skew': 0 } })
  .records()
  .toArray();
const expected = await expectedOf(records, holderOfDay('http://127.0.0.1:8080/'));

const TOPIC = 'market';
const PARTITIONS = 2;
const KAFKA = {
  kind: 'kafka',
  bootstrapServers: ['broker.example.com:9096'],
  topics: [TOPIC],
  secretArn: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:kafka-AbCdEf',
  consumerGroup: 'market-monitor',
};

/** What the day came to, without what depends on the time at which events were routed. */
async function outcomeOf(fleet: MarketFleet) {
  const subjects = await fleet.settled(expected.subjects);
  const alerts = (await fleet.alerts()).map(told).toSorted((one, other) => (one.id < other.id ? -1 : 1));
  return {
    handled: handledIn(subjects),
    states: statesIn(subjects),
    alerts,
    signals: new Map([...(await fleet.signals())].map(([window, ids]) => [window, comparable(window, ids)])),
    rejected: await fleet.rejected(),
  };
}

/**
 * Holdings that move in the same second are routed at once. Which of them is the one that makes a portfolio's moves many is
 * chance, in each run of either stream, and it names the signal.
 */
const comparable = (window: string, ids: readonly string[]): readonly string[] | number =>
  window.includes('#portfolio:') ? ids.length : ids;

const told = ({ id, severity, step, cause, matches, episode, state, atStakeUsd }: Alert) => ({
  id,
  severity,
  step,
  cause,
  matches,
  episode,
  state,
  atStakeUsd,
});

async function byKinesis() {
  await using fleet = await startMarketFleet({});
  await fleet.put(records);
  return await outcomeOf(fleet);
}

async function byKafka() {
  await using kafka = await startKafka();
  await using topic = await createTopic(kafka.bootstrap, TOPIC, PARTITIONS);
  await using fleet = await startMarketFleet({
    kafkaBootstrap: kafka.bootstrap,
    context: { 'market-monitor.stream': KAFKA },
  });
  await topic.send(records);
  return await outcomeOf(fleet);
}

describe.skipIf(problem !== undefined)(`a day${reason}`, () => {
  let kinesis: Awaited<ReturnType<typeof outcomeOf>>;

  it('I17: comes through Kinesis to what a router without faults makes of it', async () => {
    expect(records.length).toBeGreaterThan(3_000);
    kinesis = await byKinesis();
    expect(kinesis.handled).toEqual(handledIn(expected.subjects));
    expect(kinesis.states).toEqual(statesIn(expected.subjects));
    expect(kinesis.rejected).toEqual(expected.rejected);
    expect(kinesis.alerts.filter(({ severity }) => severity === 'urgent').length).toBeGreaterThan(10);
    // It counts holdings that move together: the router's own events.
    expect(kinesis.alerts.map(({ cause }) => cause)).toContain('correlation');
  });

  it('I17: comes to the same alerts, windows and states through a real Kafka', async () => {
    expect(await byKafka()).toEqual(kinesis);
  });
});
