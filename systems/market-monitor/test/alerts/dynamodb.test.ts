import { describe, expect, it } from 'vitest';
import { stateTable } from '#test/contract/local-services.ts';
import { sweep } from '../../alerts/act.ts';
import { OUTBOX_MS } from '../../alerts/alert.ts';
import { decide } from '../../alerts/decide.ts';
import { dynamodbAlerts } from '../../alerts/dynamodb-alerts.ts';
import { dynamodbSends } from '../../alerts/dynamodb-sends.ts';
import { raise } from '../../alerts/raise.ts';
import { contextOf, matchOf, memoryPorts, MINUTE, NOW, POLICY } from './support.ts';

describe('alerts in DynamoDB', () => {
  const at = stateTable();
  const fresh = (portfolio: string) => {
    const memory = memoryPorts();
    const alerts = dynamodbAlerts(at());
    const policyOf = () => Promise.resolve({ ...POLICY, portfolio });
    return { memory, alerts, ports: { ...memory, alerts, policyOf } };
  };
  const list = async <Item>(items: AsyncIterable<Item>): Promise<Item[]> => {
    const all: Item[] = [];
    for await (const item of items) all.push(item);
    return all;
  };

  it('A1 keeps what was written, one version after the other', async () => {
    const { alerts } = fresh('p1');
    const first = decide(null, matchOf({ portfolio: 'p1' }), contextOf());
    if (first === null) throw new Error('no alert');
    expect(await alerts.get(first.id)).toBeNull();
    expect(await alerts.write(first)).toBe('written');
    expect(await alerts.write(first)).toBe('refused');
    expect(await alerts.get(first.id)).toEqual(first);
    expect(await alerts.write({ ...first, version: 2, newer: 1 } as typeof first)).toBe('written');
    expect(await alerts.get(first.id)).toMatchObject({ version: 2, newer: 1 });
    expect(await alerts.get('no id')).toBeNull();
  });

  it('lists the alerts of a portfolio, and those of markets apart', async () => {
    const { alerts, ports } = fresh('p2');
    const halt = { subject: 'market:XNYS', cause: 'circuit-breaker', ticker: 'XNYS' };
    await raise(ports, [
      matchOf({ portfolio: 'p2', id: 'h', ...halt }),
      matchOf({ portfolio: 'p2', id: 'm', subject: 'macro:us.cpi', cause: 'macro' }),
      matchOf({ portfolio: 'p2', id: 'a' }),
    ]);
    const all = await list(alerts.ofPortfolio('p2'));
    expect(all.map(({ id }) => id)).toEqual([
      'p2/cik:0000320193/price-move',
      'p2/macro:us.cpi/macro',
      'p2/market:XNYS/circuit-breaker',
    ]);
    expect(await list(alerts.ofPortfolio('p2', NOW))).toEqual(all);
    expect(await list(alerts.ofPortfolio('p2', NOW + 2 * MINUTE))).toEqual([]);
    const standing = await alerts.standing('p2');
    expect(standing.marketWide.map(({ id }) => id)).toEqual(['p2/market:XNYS/circuit-breaker']);
    expect(all[0]?.held).toMatchObject({ why: 'inhibited' });
  });

  it.each(['the table', 'memory'])('A5 counts what a rule opens on a day, at once and each once: %s', async (where) => {
    const alerts = where === 'memory' ? memoryPorts().alerts : fresh('p5').alerts;
    const count = (key: string, change = {}) =>
      alerts.countOpening({ portfolio: 'p5', rule: 'r', day: '2026-11-27', key, max: 10, ...change });
    const many = await Promise.all(Array.from({ length: 12 }, (_, index) => count(`m${index}`)));
    expect(many.filter((each) => each === 'counted')).toHaveLength(10);
    const again = await Promise.all(many.map((_, index) => count(`m${index}`)));
    expect(again).toEqual(many);
    expect(await count('m', { day: '2026-11-28' })).toBe('counted');
    expect(await count('m', { rule: 'other' })).toBe('counted');
    expect(await count('m', { portfolio: 'p6' })).toBe('counted');
    expect((await alerts.standing('p5')).marketWide).toEqual([]);
  });

  it('keeps silences', async () => {
    const { alerts, ports, memory } = fresh('p3');
    const silence = {
      id: 's1',
      portfolio: 'p3',
      upTo: 'urgent' as const,
      until: NOW + 1_000,
      by: 'ada',
      why: 'known',
    };
    expect(await alerts.putSilence(silence)).toBe('written');
    expect(await alerts.putSilence(silence)).toBe('refused');
    expect((await alerts.standing('p3')).silences).toEqual([silence]);
    await raise(ports, [matchOf({ portfolio: 'p3' })]);
    expect(memory.sent).toEqual([]);
    const ended = { ...silence, until: NOW, ended: { by: 'ben', at: NOW, until: silence.until } };
    expect(await alerts.endSilence(ended)).toBe('written');
    expect(await alerts.endSilence({ ...ended, ended: { ...ended.ended, by: 'eve' } })).toBe('refused');
    expect(await alerts.endSilence({ ...ended, id: 'none' })).toBe('refused');
    expect(await alerts.silences('p3')).toEqual([ended]);
    expect(await alerts.silences('p1')).toEqual([]);
  });

  it('A2 the sweep finds what a crash left in the outbox', async () => {
    const { alerts, ports, memory } = fresh('p4');
    const broken = { ...ports, deliveries: { send: () => Promise.reject(new Error('crash')) } };
    await expect(raise(broken, [matchOf({ portfolio: 'p4' })])).rejects.toThrow('crash');
    memory.time.now += OUTBOX_MS;
    expect(await list(alerts.due(memory.time.now))).toContain('p4/cik:0000320193/price-move');
    await sweep(ports, () => true);
    expect(memory.sent.filter(({ alert }) => alert.startsWith('p4/'))).toHaveLength(2);
    expect(await list(alerts.due(memory.time.now))).not.toContain('p4/cik:0000320193/price-move');
  });

  it('keeps what became of a notification', async () => {
    const sends = dynamodbSends(at());
    const key = { alert: 'a', notification: 'n', recipient: 'r' };
    const record = { ...key, version: 1, state: 'sending' as const, attempts: 1, at: NOW };
    expect(await sends.get(key)).toBeNull();
    expect(await sends.write(record)).toBe('written');
    expect(await sends.write(record)).toBe('refused');
    expect(await sends.get(key)).toEqual(record);
  });
});
