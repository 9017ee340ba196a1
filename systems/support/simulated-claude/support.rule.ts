import { intentOf, type Intent } from './intent.ts';
import { escalation, final, replyFrom, type Found } from './replies.ts';

interface ToolUse {
  readonly id: string;
  readonly name: string;
  readonly input: unknown;
}

/** The part of the simulated Claude's request that these rules read. */
interface Request {
  readonly model: string;
  readonly messages: readonly {
    readonly role: 'user' | 'assistant';
    readonly text: string;
    readonly toolUses: readonly ToolUse[];
    readonly toolResults: readonly { readonly toolUseId: string; readonly text: string; readonly isError: boolean }[];
  }[];
  readonly tools: readonly { readonly name: string }[];
  readonly schema: { readonly properties?: Readonly<Record<string, unknown>> } | null;
  readonly followUp: { readonly text: string } | null;
}

/** Answers customers for the simulated Claude, by rules that read only the text. */
export default {
  name: 'support',
  matches: ({ schema, tools }: Request): boolean =>
    'outcome' in (schema?.properties ?? {}) && tools.some(({ name }) => name === 'order-history'),
  answer({ model, messages, followUp }: Request) {
    const at = messages.findLastIndex(({ role, text }) => role === 'user' && text.includes('<message>'));
    const text = /<message>\n([\s\S]*)\n<\/message>/.exec(messages[at]?.text ?? '')?.[1] ?? '';
    const isVip = /^From .*\(VIP\)/.test(messages[at]?.text ?? '');
    // After a rejection it escalates with the reason that the rejection names.
    const [, demanded] = /needs a person \(([a-z-]+)\)/.exec(followUp?.text ?? '') ?? [];
    if (demanded !== undefined) return { json: escalation(demanded, text, 'other') };
    const intent = intentOf(text, isVip, !model.includes('haiku'));
    if (intent.kind === 'person') return { json: escalation(intent.reason, text, intent.category) };
    const found = foundBy(messages.slice(at + 1));
    const calls = nextCalls(intent, found);
    return calls.length > 0 ? { toolUse: calls } : { json: final(intent, replyFrom(intent, found), text) };
  },
};

/** The tools' results since the message; the latest one of each tool. */
function foundBy(since: Request['messages']): Found {
  const uses = new Map(since.flatMap(({ toolUses }) => toolUses).map(({ id, name }) => [id, name]));
  const results = since.flatMap(({ toolResults }) => toolResults);
  return Object.fromEntries(results.map((result) => [uses.get(result.toolUseId) ?? '', result.text]));
}

/** The tools to call next. An order that the message names is looked up at once, others after the order history. */
function nextCalls(intent: Intent, found: Found): { name: string; input: Record<string, unknown> }[] {
  const use = (name: string, input: Record<string, unknown>) => (name in found ? [] : [{ name, input }]);
  switch (intent.kind) {
    case 'question':
      return use('search-knowledge', { query: intent.query });
    case 'status': {
      if (intent.orderId !== null) return use('shipment-status', { orderId: intent.orderId });
      const newest = newestOpen(found['order-history']);
      return newest === null ? use('order-history', {}) : use('shipment-status', { orderId: newest });
    }
    case 'refund': {
      if (intent.orderId === null) return use('order-history', {});
      return use('refund', { orderId: intent.orderId, skus: null, reason: intent.why });
    }
    case 'refund-made':
      return use('order-history', {});
    case 'thanks':
    case 'person':
      return [];
  }
}

/** The newest open order in the result of order-history, or else the newest order. */
function newestOpen(history: string | undefined): string | null {
  if (history === undefined) return null;
  const orders = JSON.parse(history) as { readonly id: string; readonly status: string }[];
  return (orders.find(({ status }) => status === 'shipped' || status === 'processing') ?? orders[0])?.id ?? null;
}
