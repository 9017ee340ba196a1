import { REASONS, type Reason } from '../agents/answer.ts';
import type { Customer, Order } from '../shop/order.ts';
import { decideRefund, REFUND_LIMITS } from '../shop/refund.ts';
import { PATTERNS, SAYS_BROKEN, UNHAPPY, WANTS_MONEY } from './patterns.ts';

/** What the screen reads. */
export interface Screened {
  readonly text: string;
  /** Null if the shop does not know the customer. */
  readonly customer: Customer | null;
  readonly orders: readonly Order[];
  readonly now: number;
}

/**
 * Returns why a message needs a person, by rules alone, so that no model can argue its way past them. Empty if the
 * agent may answer.
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

/**
 * Lower case with straight quotes and single spaces, and without invisible characters that could hide a word from a
 * pattern.
 */
const plain = (text: string): string =>
  text
    .normalize('NFKC')
    .replaceAll(/[\u00AD\u200B-\u200F\u2060\uFEFF]/g, '')
    .replaceAll(/[‘’‛′`´]/g, "'")
    .replaceAll(/[“”„«»]/g, '"')
    .replaceAll(/\s+/g, ' ')
    .toLowerCase();

/** The orders that a text names by number, with or without the prefix. */
export function namedOrders(text: string, orders: readonly Order[]): readonly Order[] {
  const numbers = new Set(text.match(/\d{4,}/g));
  return orders.filter(({ id }) => numbers.has(id.replaceAll(/\D/g, '')));
}

/**
 * Whether a text asks for an amount beyond the refund limits, or for a refund of a named order that the rules do not
 * allow.
 */
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
/** The language of shorter texts cannot be told. */
const MIN_WORDS = 4;

/** Whether a text is in Latin letters, with at least one in six words among the most common ones of English. */
function isEnglish(said: string): boolean {
  const letters = said.match(/\p{L}/gu)?.length ?? 0;
  const latin = said.match(/\p{Script=Latin}/gu)?.length ?? 0;
  if (latin * 10 < letters * 9) return false;
  const words = said.match(/\p{L}[\p{L}']*/gu) ?? [];
  return words.length < MIN_WORDS || words.filter((word) => ENGLISH.has(word)).length * 6 >= words.length;
}
