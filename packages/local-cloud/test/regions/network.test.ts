import { expect, test } from 'vitest';
import { Network } from '../../src/regions/network.ts';

const [US, EU, TOKYO] = ['us-east-1', 'eu-west-1', 'ap-northeast-1'];

/** A random number generator that yields these numbers again and again. */
const yields = (...numbers: readonly number[]): (() => number) => {
  let next = 0;
  return () => numbers[next++ % numbers.length] ?? 0;
};

test('round trips between continents are known, in both directions', () => {
  expect(new Network(US, [EU, TOKYO]).links.map(({ roundTripMs }) => roundTripMs)).toEqual([80, 145]);
  expect(new Network(TOKYO, [US, EU]).links.map(({ roundTripMs }) => roundTripMs)).toEqual([145, 212]);
});

test('a message takes half a round trip and jitter', () => {
  const network = new Network(US, [EU], yields(0.5));
  network.change([{ to: EU, jitterMs: 20 }]);
  expect(network.oneWayMs(EU)).toBe(50);
});

test('a lost message is repeated later and later, and given up in the end', () => {
  // No jitter; then two messages are lost and the third is not.
  const network = new Network(US, [EU], yields(0, 0.4, 0.4, 0.9));
  network.change([{ to: EU, loss: 0.5 }]);
  expect(network.oneWayMs(EU)).toBe(40 + 200 + 400);
  const always = new Network(US, [EU], yields(0.4));
  always.change([{ to: EU, loss: 0.5 }]);
  expect(always.oneWayMs(EU)).toBeUndefined();
});

test('nothing arrives over a line that is cut, nor what was under way', async () => {
  const network = new Network(US, [EU]);
  network.change([{ to: EU, roundTripMs: 10, jitterMs: 0 }]);
  expect(await network.travel(EU)).toBe(true);
  const underWay = network.travel(EU);
  network.change([{ to: EU, cut: true }]);
  expect(await underWay).toBe(false);
  expect(await network.travel(EU)).toBe(false);
  network.change([{ to: EU, cut: false, loss: 1 }]);
  expect([network.isCut(EU), network.oneWayMs(EU)]).toEqual([true, undefined]);
});

test('replication takes half a round trip and 50 to 500 ms', () => {
  expect(new Network(US, [EU], yields(0)).replicationLagMs(EU)).toBe(40 + 50);
  expect(new Network(US, [EU]).leastReplicationLagMs(EU)).toBe(40 + 50);
  expect(new Network(US, [EU], yields(0, 0.9, 1)).replicationLagMs(EU)).toBe(40 + 500);
});
