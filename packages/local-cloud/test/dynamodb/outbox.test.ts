import { expect, test } from 'vitest';
import { Outbox } from '../../src/services/dynamodb/replication/outbox.ts';

/** The keys that are due. */
const keysAt = (outbox: Outbox, now: number): readonly string[] => outbox.take(now, 10).map(({ key }) => key);

test('an item is due after its lag, in any order between items', () => {
  const outbox = new Outbox();
  outbox.add('slow', 0, { due: 500, soonest: 90 });
  outbox.add('fast', 10, { due: 100, soonest: 100 });
  expect(keysAt(outbox, 99)).toEqual([]);
  expect(keysAt(outbox, 100)).toEqual(['fast']);
  expect(keysAt(outbox, 500)).toEqual(['slow']);
});

test('an item that is written again waits until its last change can have arrived, but not for ever', () => {
  const outbox = new Outbox();
  for (let now = 0; now <= 900; now += 50) outbox.add('hot', now, { due: now + 500, soonest: now + 90 });
  expect(keysAt(outbox, 989)).toEqual([]);
  outbox.add('hot', 950, { due: 1_450, soonest: 1_040 });
  expect(outbox.take(1_000, 10)).toEqual([{ key: 'hot', since: 0 }]);
});

test('a change of an item that is on its way waits for its turn', () => {
  const outbox = new Outbox();
  outbox.add('a', 0, { due: 100, soonest: 90 });
  const [first] = outbox.take(100, 10);
  outbox.add('a', 110, { due: 150, soonest: 150 });
  expect([keysAt(outbox, 200), outbox.size]).toEqual([[], 1]);
  if (first !== undefined) outbox.sent(first);
  expect(keysAt(outbox, 200)).toEqual(['a']);
});

test('says up to when everything has arrived', () => {
  const outbox = new Outbox();
  expect(outbox.arrivedUpTo(1_000)).toBe(999);
  outbox.add('a', 400, { due: 500, soonest: 450 });
  outbox.add('b', 600, { due: 700, soonest: 650 });
  const [a] = outbox.take(500, 10);
  expect(outbox.arrivedUpTo(1_000)).toBe(399);
  if (a !== undefined) outbox.sent(a);
  expect(outbox.arrivedUpTo(1_000)).toBe(599);
});
