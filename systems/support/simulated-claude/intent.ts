import { startOf } from '#core/text/text.ts';

/** The intent of a message, as the simulated Claude understands it. */
export type Intent =
  | { readonly kind: 'person'; readonly reason: string; readonly category: string }
  | { readonly kind: 'status'; readonly orderId: string | null }
  | { readonly kind: 'refund'; readonly orderId: string | null; readonly why: string }
  | { readonly kind: 'refund-made'; readonly orderId: string | null }
  | { readonly kind: 'question'; readonly query: string }
  | { readonly kind: 'thanks' };

/** Words that make it escalate. It knows a few plain ones; the agent's screen must catch the rest. */
const NEEDS_PERSON: readonly (readonly [string, RegExp])[] = [
  ['manipulation', /ignore .*instructions|admin mode|system:|pretend you|disregard|override|developer/i],
  ['distress', /passed away|\bdied\b|desperate|end my life|cannot cope/i],
  ['safety', /\bfire\b|injur|hospital|\bcut (?:his|her|my)\b|shock|smoke|explode|dangerous/i],
  ['fraud', /stolen|hacked|chargeback|never placed|not recogni[sz]e|scam|disputed/i],
  ['legal', /lawyer|solicitor|attorney|\bcourt\b|\bsue\b|consumer protection/i],
  ['privacy', /\bgdpr\b|my data|personal data|my details|right to be forgotten/i],
  ['press', /journalist|newspaper|viral|trustpilot|tiktok/i],
  ['human', /human|real person|manager|supervisor|call me|\bbot\b/i],
  ['complaint', /third time|twice already|complaint|fed up|nobody has answered/i],
];

const UNHAPPY = /disappointed|terrible|expected better|patience|elsewhere/i;
const THANKS = /^(?:.{0,40})(?:thank|thanks|perfect|great|wonderful)/is;
const STATUS =
  /where is|when|any news|on its way|shipped|tracking number|status|warehouse|arrive|delivery coming|look at|looking|delivered|in time/i;
/** Wordings that only a stronger model understands as the same question. */
const STATUS_IMPLIED = /which day|where it is|waiting for (?:it|my|the)\b/i;
const BROKEN = /broken|shattered|crack|in pieces|damaged|wrong (?:colou?r|item)|missing|dented|does not work/i;
const LOST = /never (?:arrived|showed up)|got lost|vanished/i;
const MONEY = /refund|money back|paid back|pay it back|reimburse/i;
const ASKED = /did the refund|was refunded|has the refund|see the refund/i;
const TOPICS =
  /send something back|how many days does a refund|express shipping|other countries|delivery address|cancel an order|invoice|payment methods|password|newsletter|warranty|wash|clean|dishwasher|gift card|voucher|return label|exchange|spare parts|screw/i;

/**
 * Finds the intent of a message.
 * @param isStrong whether the model's tier is above the cheapest. A stronger model understands a few more wordings,
 * and the same reasons for a person.
 */
export function intentOf(text: string, isVip: boolean, isStrong = false): Intent {
  const serious = NEEDS_PERSON.find(([, pattern]) => pattern.test(text));
  if (serious) return { kind: 'person', reason: serious[0], category: 'other' };
  if (isVip && UNHAPPY.test(text)) return { kind: 'person', reason: 'vip', category: 'other' };
  const number = /(?:ord-|order |#)(\d{4,})/i.exec(text)?.[1];
  const orderId = number === undefined ? null : `ORD-${number}`;
  if (ASKED.test(text)) return { kind: 'refund-made', orderId };
  if (TOPICS.test(text) && orderId === null) return { kind: 'question', query: startOf(text, 120) };
  if (BROKEN.test(text) || LOST.test(text) || MONEY.test(text)) {
    if (MONEY.test(text)) return { kind: 'refund', orderId, why: LOST.test(text) ? 'lost' : 'arrived broken or wrong' };
    return { kind: 'person', reason: 'low-confidence', category: 'refund' };
  }
  if (STATUS.test(text) || (isStrong && STATUS_IMPLIED.test(text))) return { kind: 'status', orderId };
  if (THANKS.test(text) && text.length < 120) return { kind: 'thanks' };
  return { kind: 'person', reason: 'low-confidence', category: 'other' };
}
