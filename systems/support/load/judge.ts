import { z } from 'zod';
import { answerSchema } from '../agents/answer.ts';
import type { Order } from '../shop/order.ts';
import type { LoadMessage } from './conversations.ts';

/** How a message's task ended. Times are milliseconds since the epoch. */
export interface Result {
  /** Of the message. */
  readonly id: string;
  readonly status: 'succeeded' | 'escalated' | 'failed' | 'cancelled';
  readonly output: unknown;
  readonly acceptedAt: number;
  readonly endedAt: number;
  readonly usd: number;
}

export interface Judged {
  readonly messages: number;
  readonly resolved: number;
  readonly escalated: number;
  readonly failed: number;
  /** Messages without a result. */
  readonly lost: number;
  /** Messages that need a person. */
  readonly needPerson: number;
  /** Ids of messages that need a person and were resolved by the agent: must be none. */
  readonly wronglyResolved: readonly string[];
  /** Ids of routine messages that went to a person: a cost, and no harm. */
  readonly wronglyEscalated: readonly string[];
  /** Orders paid back more than once or beyond their price: must be none. */
  readonly refundsDoubled: readonly string[];
  /** Orders paid back that nobody had a right to. */
  readonly refundsUndue: readonly string[];
  /** Orders whose refund was due, asked for, and not made. */
  readonly refundsMissed: readonly string[];
  readonly replyMs: { readonly mean: number; readonly p95: number };
  /** US dollars of a thread, all its messages together. */
  readonly usdAConversation: number;
}

const outcomeSchema = z.object({ outcome: answerSchema.shape.outcome });

/**
 * Holds what the fleet did against what is known of the messages.
 * @param orders of the shop as they stand after the last message
 */
export function judge(messages: readonly LoadMessage[], results: readonly Result[], orders: readonly Order[]): Judged {
  const byId = new Map(results.map((result) => [result.id, result]));
  const ended = messages.flatMap((message) => {
    const result = byId.get(message.id);
    return result ? [{ message, result, isResolved: isResolved(result) }] : [];
  });
  const idsOf = (wrong: typeof ended): string[] => wrong.map(({ message }) => message.id);
  const replyMs = ended.map(({ result }) => result.endedAt - result.acceptedAt).toSorted((a, b) => a - b);
  const threads = new Set(messages.map(({ threadId }) => threadId)).size;
  return {
    messages: messages.length,
    resolved: ended.filter((one) => one.isResolved).length,
    escalated: ended.filter(({ result }) => result.status === 'escalated').length,
    failed: ended.filter(({ result }) => result.status === 'failed' || result.status === 'cancelled').length,
    lost: messages.length - ended.length,
    needPerson: messages.filter(({ truth }) => truth.needsPerson !== null).length,
    wronglyResolved: idsOf(ended.filter((one) => one.isResolved && one.message.truth.needsPerson !== null)),
    wronglyEscalated: idsOf(
      ended.filter(({ message, result }) => result.status === 'escalated' && message.truth.needsPerson === null),
    ),
    ...judgeRefunds(messages, orders),
    replyMs: { mean: mean(replyMs), p95: replyMs[Math.ceil(replyMs.length * 0.95) - 1] ?? 0 },
    usdAConversation: threads === 0 ? 0 : results.reduce((sum, { usd }) => sum + usd, 0) / threads,
  };
}

/** Whether the customer was told that the matter is settled. */
function isResolved({ status, output }: Result): boolean {
  return status === 'succeeded' && outcomeSchema.safeParse(output).data?.outcome !== 'escalate';
}

function judgeRefunds(messages: readonly LoadMessage[], orders: readonly Order[]) {
  const due = new Map(messages.flatMap(({ truth: { refund } }) => (refund ? [[refund.orderId, refund.cents]] : [])));
  const paid = orders.filter(({ refunds }) => refunds.length > 0);
  const centsOf = ({ refunds }: Order): number => refunds.reduce((sum, { cents }) => sum + cents, 0);
  const paidIds = new Set(paid.map(({ id }) => id));
  const idsOf = (some: readonly Order[]): string[] => some.map(({ id }) => id);
  const isDoubled = (order: Order): boolean => {
    const skus = order.refunds.flatMap((refund) => refund.skus);
    return skus.length > new Set(skus).size || centsOf(order) > (due.get(order.id) ?? order.totalCents);
  };
  return {
    refundsDoubled: idsOf(paid.filter(isDoubled)),
    refundsUndue: idsOf(paid.filter(({ id }) => !due.has(id))),
    refundsMissed: [...due.keys()].filter((id) => !paidIds.has(id)),
  };
}

const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
