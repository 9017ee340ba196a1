import { describe, expect, it } from 'vitest';
import type { DeliveryResult } from '#core/ports/webhook.ts';
import { deliver, type DeliverPorts, type Send } from '../../alerts/deliver.ts';
import { DELIVERY_ATTEMPTS, deliveryWaitMs } from '../../alerts/delivery.ts';
import { raise } from '../../alerts/raise.ts';
import type { SendRecord, SendStore } from '../../alerts/send-record.ts';
import { HOUR, matchOf, memoryPorts, POLICY } from './support.ts';

class MemorySends implements SendStore {
  readonly records = new Map<string, SendRecord>();
  get({ notification, recipient }: Pick<SendRecord, 'notification' | 'recipient'>): Promise<SendRecord | null> {
    return Promise.resolve(this.records.get(`${notification} ${recipient}`) ?? null);
  }
  write(record: SendRecord): Promise<'written' | 'refused'> {
    const key = `${record.notification} ${record.recipient}`;
    if ((this.records.get(key)?.version ?? 0) !== record.version - 1) return Promise.resolve('refused');
    this.records.set(key, record);
    return Promise.resolve('written');
  }
}

const answered = (status: number): DeliveryResult => ({ kind: 'answered', status });

async function raised(results: readonly (DeliveryResult | Error)[]) {
  const ports = memoryPorts();
  await raise(ports, [matchOf()]);
  const sends = new MemorySends();
  const calls: string[] = [];
  const send: Send = (recipient) => {
    calls.push(recipient.name);
    const result = results[calls.length - 1] ?? answered(200);
    return result instanceof Error ? Promise.reject(result) : Promise.resolve(result);
  };
  const deliverPorts: DeliverPorts = { ...ports, sends, send, random: () => 0 };
  const [toPager, toSlack] = ports.sent;
  if (toPager === undefined || toSlack === undefined) throw new Error('nothing was sent');
  return { ports, deliverPorts, sends, calls, toPager, toSlack };
}

describe('deliver', () => {
  it('sends once, however often the message comes', async () => {
    const { deliverPorts, calls, toPager } = await raised([]);
    expect(await deliver(deliverPorts, toPager, 1)).toEqual({ kind: 'sent' });
    expect(await deliver(deliverPorts, toPager, 2)).toEqual({ kind: 'sent-before' });
    expect(calls).toEqual(['on-call']);
  });

  it('of two at once, one sends', async () => {
    const { deliverPorts, calls, toPager } = await raised([]);
    const both = await Promise.all([deliver(deliverPorts, toPager, 1), deliver(deliverPorts, toPager, 1)]);
    expect(both.map(({ kind }) => kind).toSorted()).toEqual(['retry', 'sent']);
    expect(calls).toHaveLength(1);
  });

  it('a recipient that refuses does not hinder the other', async () => {
    const { deliverPorts, toPager, toSlack } = await raised([answered(500)]);
    expect(await deliver(deliverPorts, toPager, 1)).toMatchObject({ kind: 'retry', waitMs: 1_000 });
    expect(await deliver(deliverPorts, toSlack, 1)).toEqual({ kind: 'sent' });
  });

  it('retries, and keeps the reason', async () => {
    const { deliverPorts, sends, toPager } = await raised([answered(503), new Error('The secret pd has no key.')]);
    await deliver(deliverPorts, toPager, 1);
    expect(await deliver(deliverPorts, toPager, 2)).toMatchObject({ kind: 'retry', waitMs: 3_000 });
    expect([...sends.records.values()]).toMatchObject([
      { state: 'waiting', attempts: 2, reason: 'The secret pd has no key.' },
    ]);
    expect(await deliver(deliverPorts, toPager, 3)).toEqual({ kind: 'sent' });
  });

  it('after a crash between sending and writing it is sent again, when the sender is surely dead', async () => {
    const { ports, deliverPorts, sends, calls, toPager } = await raised([]);
    const write = sends.write.bind(sends);
    sends.write = (record) => (record.state === 'sent' ? Promise.reject(new Error('crash')) : write(record));
    await expect(deliver(deliverPorts, toPager, 1)).rejects.toThrow('crash');
    sends.write = write;
    expect(await deliver(deliverPorts, toPager, 2)).toMatchObject({ kind: 'retry', waitMs: 15_000 });
    ports.time.now += 15_000;
    expect(await deliver(deliverPorts, toPager, 3)).toEqual({ kind: 'sent' });
    expect(calls).toHaveLength(2);
  });

  it('410 ends it', async () => {
    const { deliverPorts, toPager } = await raised([answered(410)]);
    expect(await deliver(deliverPorts, toPager, 1)).toEqual({ kind: 'gone' });
    expect(await deliver(deliverPorts, toPager, 2)).toEqual({ kind: 'sent-before' });
  });

  it('drops what has no recipient or alert any more', async () => {
    const { deliverPorts, toPager } = await raised([]);
    expect(await deliver(deliverPorts, { ...toPager, recipient: 'nobody' }, 1)).toMatchObject({ kind: 'dropped' });
    expect(await deliver(deliverPorts, { ...toPager, alert: 'tech/x/y' }, 1)).toMatchObject({ kind: 'dropped' });
    const gone = { ...deliverPorts, policyOf: () => Promise.resolve(null) };
    expect(await deliver(gone, toPager, 1)).toMatchObject({ kind: 'dropped' });
  });

  it('does not open an incident that has been resolved', async () => {
    const { ports, deliverPorts, toPager, toSlack } = await raised([]);
    const event = { ...matchOf().event, id: 'r', time: '2026-11-27T15:30:00Z' };
    await raise(ports, [matchOf({ id: 'r', resolves: true, event })]);
    expect(await deliver(deliverPorts, toPager, 1)).toMatchObject({ kind: 'dropped' });
    expect(await deliver(deliverPorts, toSlack, 1)).toEqual({ kind: 'sent' });
    const resolved = ports.sent.find((each) => each.notification.endsWith('/2') && each.recipient === 'on-call');
    expect(resolved && (await deliver(deliverPorts, resolved, 1))).toEqual({ kind: 'sent' });
  });

  it('does not page again for what has become worse meanwhile, and does for the worse', async () => {
    const { ports, deliverPorts, toPager, toSlack } = await raised([]);
    await raise(ports, [matchOf({ id: 'worse', step: 2 })]);
    const worse = ports.sent.find((each) => each.notification.endsWith('/2') && each.recipient === 'on-call');
    expect(worse && (await deliver(deliverPorts, worse, 1))).toEqual({ kind: 'sent' });
    expect(await deliver(deliverPorts, toPager, 1)).toMatchObject({ kind: 'dropped' });
    expect(await deliver(deliverPorts, toSlack, 1)).toEqual({ kind: 'sent' });
  });
});

describe('waits', () => {
  it('grow to 15 minutes, and end after hours', () => {
    const waits = Array.from({ length: DELIVERY_ATTEMPTS - 1 }, (_, index) => deliveryWaitMs(index + 1, 0));
    expect(waits.slice(0, 3)).toEqual([1_000, 3_000, 9_000]);
    expect(Math.max(...waits)).toBe(900_000);
    const total = waits.reduce((sum, wait) => sum + wait, 0);
    expect(total).toBeGreaterThan(3 * HOUR);
    expect(total).toBeLessThan(5 * HOUR);
    expect(deliveryWaitMs(1, 0, 60_000)).toBe(60_000);
    expect(deliveryWaitMs(1, 0, 9 * HOUR)).toBe(900_000);
    expect(POLICY.recipients).toHaveLength(2);
  });
});
