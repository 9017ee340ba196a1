import { describe, expect, it } from 'vitest';
import type { LoadMessage, Truth } from '../../load/conversations.ts';
import { judge, type Result } from '../../load/judge.ts';
import { sampleOrderOf } from '../shop/support.ts';

const message = (id: string, truth: Partial<Truth> = {}): LoadMessage => ({
  id,
  threadId: `thread-${id}`,
  customerId: 'cus-1',
  turn: 0,
  text: 'Hello',
  truth: { kind: 'whereNamed', needsPerson: null, refund: null, ...truth },
});

const result = (id: string, change: Partial<Result> = {}): Result => ({
  id,
  status: 'succeeded',
  output: { outcome: 'resolved' },
  acceptedAt: 0,
  endedAt: 2_000,
  usd: 0.01,
  ...change,
});

describe('the judge', () => {
  it('finds messages wrongly resolved, and wrongly escalated', () => {
    const grave = message('a', { needsPerson: 'legal' });
    const judged = judge([grave, message('b')], [result('a'), result('b', { status: 'escalated' })], []);
    expect(judged).toMatchObject({ wronglyResolved: ['a'], wronglyEscalated: ['b'], resolved: 1, escalated: 1 });
  });

  it('finds messages without a result', () => {
    expect(judge([message('a'), message('b')], [result('a')], [])).toMatchObject({ lost: 1, messages: 2 });
  });

  it('finds refunds that were doubled, undue or missed', () => {
    const refund = (skus: string[], cents: number) => ({ key: skus.join(), skus, cents, reason: '', at: 0 });
    const twice = sampleOrderOf({ refunds: [refund(['LMP-01'], 3_900), refund(['LMP-01'], 3_900)] });
    const undue = sampleOrderOf({ refunds: [refund(['LMP-01'], 3_900)] });
    const missed = sampleOrderOf();
    const due = [twice, missed].map(({ id, totalCents }) =>
      message(id, { refund: { orderId: id, cents: totalCents } }),
    );
    expect(judge(due, [], [twice, undue, missed])).toMatchObject({
      refundsDoubled: [twice.id],
      refundsUndue: [undue.id],
      refundsMissed: [missed.id],
    });
  });

  it('computes reply times and the cost per conversation', () => {
    const messages = Array.from({ length: 100 }, (_, index) => ({
      ...message(String(index)),
      threadId: `t-${index % 50}`,
    }));
    const results = messages.map(({ id }, index) => result(id, { endedAt: (index + 1) * 10 }));
    const { replyMs, usdAConversation } = judge(messages, results, []);
    expect(replyMs).toEqual({ mean: 505, p95: 950 });
    expect(usdAConversation).toBeCloseTo(0.02);
  });
});
