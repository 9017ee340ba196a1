import { startOf } from '#core/text/text.ts';
import type { Intent } from './intent.ts';

/** The tools' results, by tool name. */
export type Found = Readonly<Record<string, string>>;

/** A reply, or the reason why a person must answer. */
type Reply = { readonly reply: string } | { readonly needs: string };

/** The answer that escalates to a person. */
export const escalation = (reason: string, text: string, category: string) => ({
  outcome: 'escalate',
  reply: 'Thank you for writing. A colleague will look into this and answer you personally.',
  reason,
  summary: `The customer writes: ${startOf(text.replaceAll(/\s+/g, ' '), 100)}`,
  category,
  confidence: 0.9,
});

const CATEGORY: Readonly<Record<Intent['kind'], string>> = {
  status: 'shipment',
  refund: 'refund',
  'refund-made': 'refund',
  question: 'product',
  thanks: 'other',
  person: 'other',
};

/** The answer that ends the task. */
export function final(intent: Intent, reply: Reply, text: string) {
  const category = CATEGORY[intent.kind];
  if ('needs' in reply) return escalation(reply.needs, text, category);
  return { outcome: 'resolved', reply: reply.reply, reason: null, summary: null, category, confidence: 0.9 };
}

/** The reply to an intent, from the tools' results. */
export function replyFrom(intent: Intent, found: Found): Reply {
  switch (intent.kind) {
    case 'status':
      return statusReply(found['shipment-status'] ?? '');
    case 'refund':
      return refundReply(intent.orderId, found['refund']);
    case 'refund-made':
      return refundMadeReply(intent.orderId, found['order-history'] ?? '[]');
    case 'question':
      return articleReply(found['search-knowledge'] ?? '');
    case 'thanks':
      return { reply: 'You are welcome. Have a good day!' };
    case 'person':
      return { needs: intent.reason };
  }
}

function statusReply(said: string): Reply {
  if (!said.startsWith('{'))
    return { reply: 'I cannot find an order of that number in your account. Could you check it?' };
  const { id, status, carrier, tracking, expected, delivered } = JSON.parse(said) as Record<string, string | null>;
  if (carrier === undefined) return { reply: `${id} is ${status}: it has not left our warehouse yet.` };
  if (status === 'lost') return { needs: 'low-confidence' };
  if (delivered) return { reply: `${id} was delivered by ${carrier} on ${delivered}.` };
  return { reply: `${id} is ${status} with ${carrier} (${tracking}), expected on ${expected}.` };
}

function refundReply(orderId: string | null, said: string | undefined): Reply {
  if (orderId === null || said === undefined) return { reply: 'Which order is it? Please send me its number.' };
  if (!said.startsWith('{')) return { needs: 'refund-limit' };
  const { refunded } = JSON.parse(said) as { readonly refunded: string };
  return { reply: `I am sorry about that. ${refunded} for ${orderId} are on their way to your card.` };
}

function refundMadeReply(orderId: string | null, history: string): Reply {
  const orders = JSON.parse(history) as { readonly id: string; readonly refunded: string }[];
  const order = orders.find(({ id }) => id === orderId);
  if (!order || order.refunded === '$0.00') return { needs: 'refund-limit' };
  return { reply: `Yes, ${order.refunded} for ${order.id} were refunded. Banks take five to ten working days.` };
}

function articleReply(said: string): Reply {
  if (!said.startsWith('[')) return { needs: 'low-confidence' };
  const [article] = JSON.parse(said) as { readonly text: string }[];
  const [first = '', second = ''] = (article?.text ?? '').split(/(?<=\.)\s+/);
  return { reply: `${first} ${second}`.trim() };
}
