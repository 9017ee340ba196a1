import { expect, it, test } from 'vitest';
import { sweep } from '../../alerts/act.ts';
import { quietUntil } from '../../alerts/quiet-hours.ts';
import { raise } from '../../alerts/raise.ts';
import type { AlertPolicy } from '../../alerts/recipient.ts';
import { HOUR, matchOf, memoryPorts, MINUTE, POLICY, toldOf } from './support.ts';

const NIGHT = { zone: 'Europe/Vienna', from: '22:00', to: '07:00' };
const NOON = { zone: 'UTC', from: '12:00', to: '13:30' };

test.each([
  ['before midnight', NIGHT, '2026-11-27T21:30:00Z', '2026-11-28T06:00:00.000Z'],
  ['after midnight', NIGHT, '2026-11-27T23:30:00Z', '2026-11-28T06:00:00.000Z'],
  ['in the night of summer time', NIGHT, '2027-03-27T21:30:00Z', '2027-03-28T05:00:00.000Z'],
  ['at their begin', NOON, '2026-11-27T12:00:00Z', '2026-11-27T13:30:00.000Z'],
  ['at their end', NOON, '2026-11-27T13:30:00Z', null],
  ['before them', NOON, '2026-11-27T11:59:59Z', null],
  ['without any', null, '2026-11-27T12:00:00Z', null],
  ['of no length', { ...NOON, to: '12:00' }, '2026-11-27T12:00:00Z', null],
])('quiet hours %s end when the clock shows it', (_, hours, now, end) => {
  const until = quietUntil(hours, Date.parse(now));
  expect(until === null ? null : new Date(until).toISOString()).toBe(end);
});

it('a warning of quiet hours reaches a portfolio without a recipient of mail when they end', async () => {
  const policy: AlertPolicy = { ...POLICY, quiet: NIGHT };
  const ports = memoryPorts(() => undefined, policy);
  ports.time.now = Date.parse('2026-11-27T22:00:00Z');
  const end = Date.parse('2026-11-28T06:00:00Z');
  await raise(ports, [matchOf({ id: 'a', severity: 'warning' })]);
  for (; ports.time.now < end; ports.time.now += HOUR / 2) {
    await sweep(ports, () => true);
    expect(toldOf(ports, 'price-move')).toBe(0);
  }
  await sweep(ports, () => true);
  await sweep({ ...ports, clock: { now: () => end + MINUTE } }, () => true);
  expect(toldOf(ports, 'price-move')).toBe(1);
  expect(new Set(ports.sent.map(({ recipient }) => recipient))).toEqual(new Set(['on-call', 'channel']));
});
