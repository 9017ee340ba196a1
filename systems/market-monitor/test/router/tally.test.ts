import { expect, it } from 'vitest';
import { Tally } from '../../router/tally.ts';

it('adds up events and rejected records by the hour in which they happened', async () => {
  const added: [string, object][] = [];
  const heard: [string, number][] = [];
  const tally = new Tally();
  const time = Date.parse('2026-11-30T14:30:00Z');
  tally.note({ time, late: false, source: 'bars', arrivedAt: time + 1 });
  tally.note({ time, late: true, source: 'bars', arrivedAt: time + 2 });
  tally.note({ time, late: false, source: 'news', arrivedAt: time + 3 });
  tally.noteRejected([time, time + 3_600_000]);
  const flush = () =>
    tally.flush(
      { add: async (hour, counts) => void added.push([hour, counts]) },
      { heard: async (name, at) => void heard.push([name, at]) },
    );
  await flush();
  await flush();
  expect(added).toEqual([
    ['2026-11-30T14', { events: 3, rejected: 1, outOfOrder: 1 }],
    ['2026-11-30T15', { events: 0, rejected: 1, outOfOrder: 0 }],
  ]);
  expect(heard).toEqual([
    ['stream', time + 3],
    ['bars', time + 2],
    ['news', time + 3],
  ]);
});
