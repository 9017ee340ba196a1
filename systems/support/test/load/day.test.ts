import { withServices } from '#core/agents/define-agent.ts';
import { beforeAll, describe, expect, it } from 'vitest';
import { costOf } from '#core/tasks/cost.ts';
import { isTerminal } from '#core/tasks/task.ts';
import { workerHarness } from '#test/support/worker-harness.ts';
import { supportAgent } from '../../agents/support-agent.ts';
import { dayCurve, dayPhases, supportDay } from '../../load/day.ts';
import { judge, type Judged, type Result } from '../../load/judge.ts';
import { fillShop, sampleShop } from '../../samples/shop.ts';
import { inMemoryShop } from '../../shop/in-memory-shop.ts';
import { NOW } from '../shop/support.ts';
import { simulated } from './simulated.ts';

const customers = sampleShop({ seed: 5, customers: 600, now: NOW });
const arrivals = supportDay({ seed: 5, customers, threads: 600, now: NOW, seconds: 60 });

describe('a day of messages', () => {
  it('is the same for the same seed, in order, and within its duration', () => {
    expect(supportDay({ seed: 5, customers, threads: 600, now: NOW, seconds: 60 })).toEqual(arrivals);
    expect(arrivals.map(({ atMs }) => atMs)).toEqual(arrivals.map(({ atMs }) => atMs).toSorted((a, b) => a - b));
    expect(arrivals.every(({ atMs }) => atMs >= 0 && atMs <= 60_000)).toBe(true);
    expect(new Set(arrivals.map(({ message }) => message.id)).size).toBe(arrivals.length);
  });

  it('keeps the turns of a thread in order', () => {
    const turns = new Map<string, number>();
    for (const { message } of arrivals) {
      expect(message.turn).toBe(turns.get(message.threadId) ?? 0);
      turns.set(message.threadId, message.turn + 1);
    }
  });

  it('leaves a customer time to read the reply, however short the day', () => {
    const hurried = supportDay({ seed: 5, customers, threads: 600, now: NOW, seconds: 60, minGapMs: 15_000 });
    const before = new Map<string, number>();
    for (const { atMs, message } of hurried) {
      expect(atMs - (before.get(message.threadId) ?? -15_000)).toBeGreaterThanOrEqual(15_000);
      before.set(message.threadId, atMs);
    }
    expect(hurried.length).toBe(arrivals.length);
  });

  it('climbs from the last quiet minute of the night to a peak in the evening', () => {
    const { climb, peak } = dayPhases(86_400);
    const hours = [climb.fromMs, climb.toMs, peak.fromMs, peak.toMs].map((ms) => ms / 3_600_000);
    expect(hours[0]).toBeLessThan(6);
    expect(hours[1]).toBe(hours[2]);
    expect(hours[2]).toBeGreaterThan(19);
    expect(hours[3]).toBeLessThan(21);
  });

  it('has a peak of more than twice the mean, and quiet nights', () => {
    const curve = dayCurve();
    expect(curve.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1);
    expect(Math.max(...curve) * curve.length).toBeGreaterThan(2);
    expect(Math.min(...curve) * curve.length).toBeLessThan(0.5);
  });
});

describe('the agent with the simulated model on such a day', () => {
  let judged: Judged;
  beforeAll(async () => {
    const shop = inMemoryShop();
    await fillShop(shop, customers);
    const h = workerHarness([simulated], withServices(supportAgent, { shop, now: () => NOW }));
    const results: Result[] = [];
    for (const { message } of arrivals) {
      const { id, threadId: sessionId, customerId, text } = message;
      const accepted = await h.accept({ idempotencyKey: id, sessionId, input: { customerId, text } });
      await h.deliver(accepted.id);
      const task = await h.task(accepted.id);
      if (!isTerminal(task.state)) throw new Error(`${id} is ${task.state.status}`);
      const output = 'output' in task.state ? task.state.output : undefined;
      const { status, finishedAt: endedAt } = task.state;
      results.push({ id, status, output, acceptedAt: task.createdAt, endedAt, usd: costOf(task).usd });
    }
    const orders = await Promise.all(customers.map(({ customer }) => shop.orders(customer.id)));
    judged = judge(
      arrivals.map(({ message }) => message),
      results,
      orders.flat(),
    );
  });

  it('resolves no message that needs a person', () => expect(judged.wronglyResolved).toEqual([]));

  it('makes every due refund once, and no other', () => {
    expect(judged).toMatchObject({ refundsDoubled: [], refundsUndue: [], refundsMissed: [] });
  });

  it('fails and loses no message, and resolves most', () => {
    expect(judged).toMatchObject({ failed: 0, lost: 0 });
    expect(judged.resolved / judged.messages).toBeGreaterThan(0.6);
    expect(judged.wronglyEscalated.length / judged.messages).toBeLessThan(0.01);
  });
});
