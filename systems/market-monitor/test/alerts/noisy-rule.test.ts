import { describe, expect, it } from 'vitest';
import { acknowledgeAlert, sweep } from '../../alerts/act.ts';
import { MAX_OPENED } from '../../alerts/noisy-rule.ts';
import { raise } from '../../alerts/raise.ts';
import type { Match } from '../../events/match.ts';
import { circuitBreaker, eventAt, HOUR, matchOf, memoryPorts, MINUTE, resumption, toldOf } from './support.ts';

const always = () => true;

describe('a rule that notifies people too often', () => {
  const crash = (count: number, more: Partial<Match> = {}) =>
    Array.from({ length: count }, (_, index) =>
      matchOf({ id: `m${index}`, subject: `cik:${String(index).padStart(10, '0')}`, ...more }),
    );
  const inMinutes = async (ports: ReturnType<typeof memoryPorts>, minutes: number) => {
    for (let minute = 1; minute <= minutes; minute++) {
      ports.time.now += MINUTE;
      expect(await sweep(ports, always)).toMatchObject({ errors: [] });
    }
  };

  it('a rule that opens too many alerts stops itself and says so once', async () => {
    const ports = memoryPorts();
    const many = Array.from({ length: MAX_OPENED.warning + 5 }, (_, index) =>
      matchOf({ id: `m${index}`, severity: 'warning', subject: `cik:${String(index).padStart(10, '0')}` }),
    );
    for (const match of many) await raise(ports, [match]);
    const alerts = [...ports.alerts.items.values()];
    expect(alerts.filter(({ cause }) => cause === 'price-move')).toHaveLength(MAX_OPENED.warning);
    const about = alerts.filter(({ cause }) => cause === 'noisy-rule');
    expect(about).toMatchObject([{ subject: 'rule:fast-move', notified: 1, severity: 'warning' }]);
    // Again, as after a crash: nothing more.
    await raise(ports, many.slice(-2));
    expect(ports.alerts.items.get('tech/rule:fast-move/noisy-rule')?.notified).toBe(1);
    // On the next day it may again.
    ports.time.now += 24 * HOUR;
    await raise(ports, [matchOf({ id: 'later', severity: 'warning' })]);
    expect(ports.alerts.items.get('tech/cik:0000320193/price-move')?.notified).toBe(1);
  });

  it('a rule that stops again on the next day says so again, also if the alert about it is open and acknowledged', async () => {
    const ports = memoryPorts();
    const about = 'tech/rule:fast-move/noisy-rule';
    const stop = async (day: string) => {
      const many = Array.from({ length: MAX_OPENED.urgent + 2 }, (_, index) =>
        matchOf({ id: `${day}-${index}`, subject: `cik:${day}-${index}` }),
      );
      for (const match of many) await raise(ports, [match]);
    };
    await stop('monday');
    await acknowledgeAlert(ports, about, 'ada');
    ports.time.now += 23 * HOUR;
    await stop('tuesday');
    expect(ports.alerts.items.get(about)?.notifications.map(({ why }) => why)).toEqual([
      'first',
      'acknowledged',
      'escalated',
    ]);
  });

  it('a rule that stops after a warning that it dropped matches of one instrument says so', async () => {
    const ports = memoryPorts();
    const warning = (id: string, change: Partial<Match>) => matchOf({ id, severity: 'warning', ...change });
    await raise(ports, [warning('w', { step: 1, subject: 'rule:fast-move', cause: 'noisy-rule' })]);
    for (let each = 0; each <= MAX_OPENED.warning; each++)
      await raise(ports, [warning(`m${each}`, { subject: `cik:${each}` })]);
    const alert = ports.alerts.items.get('tech/rule:fast-move/noisy-rule');
    expect(alert?.notified).toBe(2);
    expect(alert?.notifications.at(-1)?.title).toContain('is stopped until that day is over');
  });

  it('stops an urgent rule that matches everything, also if it makes one alert worse and worse, and says so urgently', async () => {
    const worse = (subject: string, steps: number) =>
      Array.from({ length: steps }, (_, index) => matchOf({ id: `${subject}${index}`, subject, step: index + 1 }));
    const ports = memoryPorts();
    for (const match of worse('cik:0000000001', MAX_OPENED.urgent + 100)) await raise(ports, [match]);
    await raise(ports, [matchOf({ id: 'other', subject: 'cik:0000000002' })]);
    const notified = [...ports.alerts.items.values()].map(({ id, severity, notified: count }) => [id, severity, count]);
    expect(notified).toEqual([
      ['tech/cik:0000000001/price-move', 'urgent', MAX_OPENED.urgent],
      ['tech/rule:fast-move/noisy-rule', 'urgent', 1],
    ]);
    // Other rules go on, and what the rule made worse is told when it is no longer stopped.
    await raise(ports, [matchOf({ id: 'b', rule: 'halt', cause: 'halt' })]);
    expect(ports.alerts.items.get('tech/cik:0000320193/halt')?.notified).toBe(1);
    ports.time.now += 24 * HOUR;
    await raise(ports, [matchOf({ id: 'later', subject: 'cik:0000000001', step: 900 })]);
    expect(ports.alerts.items.get('tech/cik:0000000001/price-move')?.notified).toBe(MAX_OPENED.urgent + 1);
  });

  it('A5 what a halt of the market holds back uses up nothing of what its rule may tell on that day', async () => {
    const ports = memoryPorts();
    ports.holds.now = false;
    await raise(ports, [circuitBreaker('h', '2026-11-27T15:00:00Z')]);
    const held = MAX_OPENED.urgent + 50;
    await raise(ports, crash(held));
    const why = [...ports.alerts.items.values()].map((alert) => alert.held?.why);
    expect(why.filter((each) => each === 'inhibited')).toHaveLength(held);
    await raise(ports, [resumption('r', '2026-11-27T15:15:00Z')]);
    await inMinutes(ports, 2);
    expect(toldOf(ports, 'price-move')).toBe(0);
    await raise(ports, [matchOf({ id: 'after', subject: 'cik:after', event: eventAt('2026-11-27T15:16:00Z') })]);
    expect([toldOf(ports, 'price-move'), toldOf(ports, 'noisy-rule')]).toEqual([1, 0]);
  });

  it('A5 what still stands after a halt is told as often as its rule may, and the rule says that it stopped', async () => {
    const ports = memoryPorts();
    ports.holds.now = true;
    await raise(ports, [circuitBreaker('h', '2026-11-27T15:00:00Z')]);
    await raise(ports, crash(MAX_OPENED.urgent + 50, { rule: 'crash' }));
    await raise(ports, [resumption('r', '2026-11-27T15:15:00Z')]);
    await inMinutes(ports, 5);
    expect([toldOf(ports, 'price-move'), toldOf(ports, 'noisy-rule')]).toEqual([MAX_OPENED.urgent, 1]);
  });

  it('names the matches of a rule that has stopped, which no agent need explain', async () => {
    const ports = memoryPorts();
    const many = crash(MAX_OPENED.urgent + 5);
    const stopped = await raise(ports, many);
    expect(stopped.size).toBe(5);
    const first = many.find(({ id }) => !stopped.has(id));
    // After a crash they come again: their analyses are not lost.
    expect(await raise(ports, many)).toEqual(stopped);
    // A further event of an alert that is open.
    expect(await raise(ports, [matchOf({ ...first, id: 'again' })])).toEqual(new Set(['again']));
    expect(await raise(ports, [matchOf({ ...first, id: 'other', rule: 'other' })])).toEqual(new Set());
    ports.time.now += 24 * HOUR;
    expect(await raise(ports, [matchOf({ ...first, id: 'tomorrow' })])).toEqual(new Set());
  });
});
