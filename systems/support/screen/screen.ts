import { REASONS, type Reason } from '../agents/answer.ts';
import type { Customer, Order } from '../shop/order.ts';
import { decideRefund, REFUND_LIMITS } from '../shop/refund.ts';
import { PATTERNS, SAYS_BROKEN, UNHAPPY, WANTS_MONEY } from './patterns.ts';

/** What a message is judged by. */
export interface Screened {
  readonly text: string;
  /** Null for a customer that the shop does not know. */
  readonly customer: Customer | null;
  readonly orders: readonly Order[];
  readonly now: number;
}

/**
 * Why a message needs a person, by rules alone: no answer of a model can talk its way past them. Empty when nothing
 * speaks against an answer by the agent.
 */
export function screen({ text, customer, orders, now }: Screened): readonly Reason[] {
  const said = plain(text);
  const found = new Set<Reason>();
  for (const reason of REASONS) if (PATTERNS[reason]?.some((pattern) => pattern.test(said))) found.add(reason);
  if (customer === null) found.add('unknown-customer');
  if (customer?.vip && UNHAPPY.test(said)) found.add('vip');
  if (beyondLimits(said, orders, now)) found.add('refund-limit');
  if (!isEnglish(said)) found.add('language');
  return REASONS.filter((reason) => found.has(reason));
}

/** Lower case, straight quotes, single spaces, and without marks that hide a word from a pattern. */
const plain = (text: string): string =>
  text
    .normalize('NFKC')
    .replaceAll(/[\u00AD\u200B-\u200F\u2060\uFEFF]/g, '')
    .replaceAll(/[‘’‛′`´]/g, "'")
    .replaceAll(/[“”„«»]/g, '"')
    .replaceAll(/\s+/g, ' ')
    .toLowerCase();

/** The orders a text names, by their number with or without its prefix. */
export function namedOrders(text: string, orders: readonly Order[]): readonly Order[] {
  const numbers = new Set(text.match(/\d{4,}/g));
  return orders.filter(({ id }) => numbers.has(id.replaceAll(/\D/g, '')));
}

/** Asks for what the refund tool would refuse by its limits, of an order it names, or for an amount beyond them. */
function beyondLimits(said: string, orders: readonly Order[], now: number): boolean {
  const wantsMoney = WANTS_MONEY.test(said);
  if (!wantsMoney && !SAYS_BROKEN.test(said)) return false;
  const amounts = [...said.matchAll(/(?:[$€£]|usd|eur) ?(\d[\d,]*)|(\d[\d,]*) ?(?:[$€£]|dollars|euros|usd|eur)\b/g)];
  const most = Math.max(0, ...amounts.map(([, before, after]) => Number((before ?? after ?? '').replaceAll(',', ''))));
  if (wantsMoney && most * 100 > REFUND_LIMITS.perRefundCents) return true;
  return namedOrders(said, orders).some((order) => {
    const decision = decideRefund(order, { key: 'screen', skus: null, reason: 'screen' }, now);
    if (decision.kind !== 'refused') return false;
    return decision.refusal === 'over-limit' || (decision.refusal === 'not-refundable' && wantsMoney);
  });
}

const ENGLISH = new Set(
  'the a an i my me you your it is are was to of and in on for with not no do does did have has can could would when where what how which any this that there please thanks thank you hi hello good morning dear team kind regards best cheers from at be been will if but so we us just'.split(
    ' ',
  ),
);
/** Shorter texts say too little to tell a language by. */
const MIN_WORDS = 4;

/** Whether it is written in Latin letters, and at least every sixth word is one of the commonest in English. */
function isEnglish(said: string): boolean {
  const letters = said.match(/\p{L}/gu)?.length ?? 0;
  const latin = said.match(/\p{Script=Latin}/gu)?.length ?? 0;
  if (latin * 10 < letters * 9) return false;
  const words = said.match(/\p{L}[\p{L}']*/gu) ?? [];
  return words.length < MIN_WORDS || words.filter((word) => ENGLISH.has(word)).length * 6 >= words.length;
}
