import { array, assert, asyncProperty, constantFrom, integer, nat, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { acknowledgeAlert, analyse, sweep } from '../../alerts/act.ts';
import { OUTBOX_MS } from '../../alerts/alert.ts';
import { loudness } from '../../alerts/loudness.ts';
import { policyOf } from '../../alerts/policies.ts';
import { raise } from '../../alerts/raise.ts';
import type { Match } from '../../events/match.ts';
import type { PortfolioRecord } from '../../portfolios/record.ts';
import {
  circuitBreaker,
  eventAt,
  HOUR,
  matchOf,
  memoryPorts,
  MINUTE,
  NOW,
  POLICY,
  resumption,
  toldOf,
} from './support.ts';

const always = () => true;

describe('property: any order, repetition and crash', () => {
  const anyMatch = record({
    id: integer({ min: 0, max: 30 }).map((number) => `m${number}`),
    severity: constantFrom('urgent' as const, 'warning' as const, 'info' as const),
    step: integer({ min: 1, max: 3 }),
    subject: constantFrom('cik:0000000001', 'cik:0000000002'),
  });

  /** The same id is the same match. */
  const distinct = (matches: readonly Partial<Match>[]): Match[] => {
    const byId = new Map(matches.map((each) => [each.id, matchOf(each)]));
    return matches.map((each) => byId.get(each.id) ?? matchOf(each));
  };

  it('A2 A3 A4 notifies at most once of each step, and of the loudest for certain', async () => {
    await assert(
      asyncProperty(
        array(array(anyMatch, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 8 }),
        array(nat({ max: 12 }), { maxLength: 8 }),
        async (batches, crashes) => {
          let steps = 0;
          const left = [...crashes];
          let next = left.shift();
          const ports = memoryPorts(() => {
            if (next === undefined || steps++ < next) return;
            steps = 0;
            next = left.shift();
            throw new Error('crash');
          });
          const all = distinct(batches.flat());
          let from = 0;
          for (const { length } of batches) {
            const batch = all.slice(from, from + length);
            from += length;
            // The stream delivers the batch again until it is acknowledged.
            while ((await raise(ports, batch).catch(() => 'crash')) === 'crash');
          }
          ports.time.now += OUTBOX_MS;
          while ((await sweep(ports, always)).errors.length > 0);
          for (const subject of new Set(all.map((each) => each.subject))) {
            const loud = all.filter((each) => each.subject === subject && each.severity !== 'info');
            const alert = ports.alerts.items.get(`tech/${subject}/price-move`);
            const steps = (alert?.notifications ?? []).map(loudness);
            expect(new Set(steps).size).toBe(steps.length);
            expect(Math.max(0, ...steps)).toBe(Math.max(0, ...loud.map(loudness)));
            for (const notification of alert?.notifications ?? []) {
              expect(notification.queued).toBe(true);
              for (const name of ['on-call', 'channel']) {
                const isSent = ports.sent.some(
                  (each) => each.notification === notification.id && each.recipient === name,
                );
                expect(isSent).toBe(true);
              }
            }
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it('A1 writers at once notify once', async () => {
    const ports = memoryPorts();
    const matches = Array.from({ length: 12 }, (_, index) => matchOf({ id: `m${index}` }));
    await Promise.all(matches.map((each) => raise(ports, [each])));
    const alert = ports.alerts.items.get('tech/cik:0000320193/price-move');
    expect(alert).toMatchObject({ matches: 12, notified: 1 });
    expect(new Set(ports.sent.map((each) => each.notification)).size).toBe(1);
  });
});

describe('raise', () => {
  it('writes all matches of an alert at once', async () => {
    const ports = memoryPorts();
    await raise(ports, [matchOf({ id: 'a' }), matchOf({ id: 'b' }), matchOf({ id: 'c', step: 2 })]);
    // One for the matches, one that marks the notifications as queued.
    expect(ports.alerts.items.get('tech/cik:0000320193/price-move')?.version).toBe(2);
    expect(ports.sent).toHaveLength(4);
  });

  it('handles the halt of the market before the instruments beside it', async () => {
    const ports = memoryPorts();
    const halt = matchOf({ id: 'h', subject: 'market:XNYS', cause: 'circuit-breaker', ticker: 'XNYS' });
    await raise(ports, [matchOf({ id: 'a' }), halt]);
    expect(new Set(ports.sent.map(({ alert }) => alert))).toEqual(new Set(['tech/market:XNYS/circuit-breaker']));
    expect(ports.alerts.items.get('tech/cik:0000320193/price-move')?.held?.why).toBe('inhibited');
    await raise(ports, [
      { ...halt, id: 'r', severity: 'info', resolves: true, event: { ...halt.event, time: '2026-11-27T15:15:00Z' } },
    ]);
    await raise(ports, [matchOf({ id: 'b', event: eventAt('2026-11-27T15:16:00Z') })]);
    expect(ports.sent.some(({ alert }) => alert === 'tech/cik:0000320193/price-move')).toBe(true);
  });

  it('A6 alerts that one rule opens at once do not hinder each other', async () => {
    const ports = memoryPorts();
    const crash = Array.from({ length: 80 }, (_, index) =>
      matchOf({ id: `m${index}`, subject: `cik:${String(index).padStart(10, '0')}` }),
    );
    await Promise.all(crash.map((match) => raise(ports, [match])));
    expect(ports.sent).toHaveLength(2 * crash.length);
    // What each costs alone: the alert is written as it opens, and again when its notifications are queued.
    const each = crash.length;
    expect(ports.alerts.calls).toEqual({ standing: each, get: each, countOpening: each, write: 2 * each, refused: 0 });
  });

  it.each([
    ['that still stands is told when the halt is over, once', true, 1],
    ['that does not stand any more is not', false, 0],
    ['of which nobody knows a price is told in the end', null, 1],
  ])('A4 a move within a halt of the market %s', async (_, holds, told) => {
    const ports = memoryPorts();
    ports.holds.now = holds;
    await raise(ports, [
      circuitBreaker('h', '2026-11-27T15:00:00Z'),
      matchOf({ id: 'a' }),
      matchOf({ id: 'f', cause: 'filing' }),
    ]);
    expect([toldOf(ports, 'price-move'), toldOf(ports, 'filing')]).toEqual([0, 1]);
    for (let minutes = 1; minutes <= 15; minutes++) {
      ports.time.now += MINUTE;
      expect(await sweep(ports, always)).toMatchObject({ errors: [] });
    }
    expect(toldOf(ports, 'price-move')).toBe(0);
    await raise(ports, [resumption('r', '2026-11-27T15:15:00Z')]);
    for (let minutes = 1; minutes <= 20; minutes++) {
      ports.time.now += MINUTE;
      await sweep(ports, always);
    }
    expect(toldOf(ports, 'price-move')).toBe(told);
    // Prices fall again.
    ports.holds.now = true;
    ports.time.now += MINUTE;
    await sweep(ports, always);
    expect(toldOf(ports, 'price-move')).toBe(1);
  });

  it('A4 a move within a halt is held back also if it is heard of after trading resumed', async () => {
    const ports = memoryPorts();
    await raise(ports, [circuitBreaker('h', '2026-11-27T15:00:00Z')]);
    await raise(ports, [resumption('r', '2026-11-27T15:15:00Z')]);
    const at = (id: string, time: string) => matchOf({ id, subject: `cik:${id}`, event: eventAt(time) });
    await raise(ports, [
      at('1', '2026-11-27T14:59:00Z'),
      at('2', '2026-11-27T15:14:00Z'),
      at('3', '2026-11-27T15:15:00Z'),
    ]);
    const held = [...ports.alerts.items.values()].flatMap(({ subject, held: why }) => (why ? [subject] : []));
    expect(held).toEqual(['cik:2']);
  });

  it('drops matches of a portfolio that was removed', async () => {
    const ports = memoryPorts();
    await raise(ports, [matchOf({ portfolio: 'gone' })]);
    expect(ports.alerts.items.size).toBe(0);
  });

  it('queues what an analysis and an acknowledgement say', async () => {
    const ports = memoryPorts();
    await raise(ports, [matchOf()]);
    const id = 'tech/cik:0000320193/price-move';
    await analyse(ports, id, { task: 't', agent: 'price-move', summary: 'Because.' });
    await acknowledgeAlert(ports, id, 'ada');
    const alert = ports.alerts.items.get(id);
    expect(alert?.notifications.map(({ why, queued }) => [why, queued])).toEqual([
      ['first', true],
      ['analysis', true],
      ['acknowledged', true],
    ]);
    // Slack is not told of acknowledgements.
    expect(ports.sent.filter(({ recipient }) => recipient === 'channel')).toHaveLength(2);
    expect(await acknowledgeAlert(ports, 'tech/x/y', 'ada')).toBeNull();
  });
});

describe('sweep', () => {
  it('repeats, and goes on after an error', async () => {
    const ports = memoryPorts(undefined, { ...POLICY, repeatAfterMs: 4 * HOUR });
    await raise(ports, [matchOf({ id: 'a' }), matchOf({ id: 'b', subject: 'cik:0000000002' })]);
    ports.time.now = NOW + 4 * HOUR;
    const get = ports.alerts.get.bind(ports.alerts);
    ports.alerts.get = (id) => (id.includes('320193') ? Promise.reject(new Error('down')) : get(id));
    const result = await sweep(ports, always);
    expect(result).toMatchObject({ swept: 1, errors: [new Error('down')] });
    expect(ports.alerts.items.get('tech/cik:0000000002/price-move')?.notified).toBe(2);
  });

  it('repeats nothing unless the portfolio says so', async () => {
    const ports = memoryPorts();
    await raise(ports, [matchOf()]);
    ports.time.now = NOW + 23 * HOUR;
    expect(await sweep(ports, always)).toEqual({ swept: 0, errors: [] });
    expect(ports.alerts.items.get('tech/cik:0000320193/price-move')?.notified).toBe(1);
    const record = { portfolio: { id: 'tech', recipients: [], repeatAfterHours: 4 } } as unknown as PortfolioRecord;
    expect(policyOf(record)).toMatchObject({ repeatAfterMs: 4 * HOUR });
  });

  it('stops when there is no time', async () => {
    const ports = memoryPorts(undefined, { ...POLICY, repeatAfterMs: 4 * HOUR });
    await raise(ports, [matchOf()]);
    ports.time.now = NOW + 4 * HOUR;
    expect(await sweep(ports, () => false)).toEqual({ swept: 0, errors: [] });
  });
});
