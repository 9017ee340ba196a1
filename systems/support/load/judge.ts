import { z } from 'zod';
import { answerSchema } from '../agents/answer.ts';
import type { Order } from '../shop/order.ts';
import type { LoadMessage } from './conversations.ts';

/** How a message's task ended. Times are in milliseconds since the epoch. */
export interface Result {
  /** Message id. */
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
  /** Number of messages that need a person. */
  readonly needPerson: number;
  /** Ids of messages that need a person but were resolved by the agent: must be empty. */
  readonly wronglyResolved: readonly string[];
  /** Ids of routine messages that went to a person: costly but harmless. */
  readonly wronglyEscalated: readonly string[];
  /** Ids of orders refunded more than once or beyond their price: must be empty. */
  readonly refundsDoubled: readonly string[];
  /** Ids of orders refunded although no refund was due: must be empty. */
  readonly refundsUndue: readonly string[];
  /** Ids of orders whose refund was due and requested, but not made. */
  readonly refundsMissed: readonly string[];
  readonly replyMs: { readonly mean: number; readonly p95: number };
  /** Mean cost of a thread in US dollars. */
  readonly usdAConversation: number;
}

const outcomeSchema = z.object({ outcome: answerSchema.shape.outcome });

/**
 * Compares what the fleet did with the correct outcomes of the messages.
 * @param orders the shop's orders after the last message
 */
export function judge(messages: readonly LoadMessage[], results: readonly Result[], orders: readonly Order[]): Judged {
  const byId = new Map(results.map((result) => [result.id, result]));
  const ended = messages.flatMap((message) => {
    const result = byId.get(message.id);
    return result ? [{ message, result, isResolved: isResolved(result) }] : [];
  });
  const idsOf = (some: typeof ended): string[] => some.map(({ message }) => message.id);
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

/** Whether the customer got a final reply. */
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
