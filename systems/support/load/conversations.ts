import { dice, type Dice } from '#core/chance/dice.ts';
import type { Reason } from '../agents/answer.ts';
import type { SampleCustomer } from '../samples/shop.ts';
import type { Order } from '../shop/order.ts';
import { decideRefund, isRefundable } from '../shop/refund.ts';
import { dress, fillIn } from './phrase.ts';
import { NEEDS_PERSON, type PersonKind } from './texts/needs-person.ts';
import { ROUTINE, type RoutineKind } from './texts/routine.ts';

/** What is known of a message, and neither the agent nor the simulated model is told. */
export interface Truth {
  /** Why only a person may answer; null when the agent may. */
  readonly needsPerson: Reason | null;
  readonly kind: RoutineKind | PersonKind;
  /** The order whose refund the message rightly asks for. */
  readonly refund: { readonly orderId: string; readonly cents: number } | null;
}

/** One message of a thread. */
export interface LoadMessage {
  /** Stable for a seed: what makes a repetition the same message. */
  readonly id: string;
  readonly threadId: string;
  readonly customerId: string;
  /** 0 for the first message of its thread. */
  readonly turn: number;
  readonly text: string;
  readonly truth: Truth;
}

export interface ConversationOptions {
  readonly seed: number;
  readonly customers: readonly SampleCustomer[];
  /** Threads, of one to three messages each. */
  readonly threads: number;
  /** Milliseconds since the epoch: the same that the customers were made with. */
  readonly now: number;
}

/** Threads of messages with their truth. The same options give the same threads, and a small number begins like a large one. */
export function conversations(options: ConversationOptions): readonly (readonly LoadMessage[])[] {
  const refunded = new Set<string>();
  return Array.from({ length: options.threads }, (_, index) => thread(options, index, refunded));
}

/** One in five needs a person at its first message. */
const PERSON_SHARE = 0.2;
const FOLLOWS = 0.4;
/** Of the messages that follow, those that need a person where the first did not. */
const TURNS_GRAVE = 0.08;

const PERSON_KINDS = Object.keys(NEEDS_PERSON) as PersonKind[];
const OPENINGS = [
  { kind: 'whereNamed', weight: 30 },
  { kind: 'whereUnnamed', weight: 10 },
  { kind: 'broken', weight: 14 },
  { kind: 'lost', weight: 4 },
  { kind: 'questions', weight: 30 },
  { kind: 'nearMiss', weight: 12 },
] as const;

interface Draft {
  readonly kind: Truth['kind'];
  readonly order: Order;
  readonly customer: SampleCustomer;
}

function thread({ seed, customers, now }: ConversationOptions, index: number, refunded: Set<string>): LoadMessage[] {
  const chance = dice(seed, 'thread', index);
  const threadId = `thread-${seed}-${index}`;
  const drafts = [opening(chance, customers, now, refunded)];
  while (drafts.length < 3 && chance.chance(FOLLOWS)) drafts.push(following(chance, drafts[0] as Draft, now));
  return drafts.map((draft, turn) => ({
    id: `${threadId}-${turn}`,
    threadId,
    customerId: draft.customer.customer.id,
    turn,
    text: wording(chance, draft),
    truth: truthOf(draft, refunded),
  }));
}

function opening(
  chance: Dice,
  customers: readonly SampleCustomer[],
  now: number,
  refunded: ReadonlySet<string>,
): Draft {
  const kind = chance.chance(PERSON_SHARE) ? chance.pick(PERSON_KINDS) : chance.pickWeighted(OPENINGS).kind;
  // Whom a kind fits is looked for from a thrown place on, so that all customers write.
  const from = chance.int(0, customers.length - 1);
  const inTurn = [...customers.slice(from), ...customers.slice(0, from)];
  // Once each order has been refunded that may be, customers have only questions left.
  const draft = drafted(chance, inTurn, kind, fitFor(kind, now, refunded)) ?? drafted(chance, inTurn, 'questions', any);
  if (!draft) throw new Error('The sample holds no customer with an order: make more of them.');
  return draft;
}

const any: Fit = () => true;

function drafted(chance: Dice, customers: readonly SampleCustomer[], kind: Truth['kind'], fits: Fit): Draft | null {
  for (const customer of customers) {
    const orders = customer.orders.filter((order) => fits(order, customer));
    if (orders.length > 0) return { kind, customer, order: chance.pick(orders) };
  }
  return null;
}

function following(chance: Dice, { kind, customer, order }: Draft, now: number): Draft {
  if (chance.chance(TURNS_GRAVE))
    return { kind: chance.pick(['human', 'legal', 'complaint', 'press'] as const), customer, order };
  if (kind === 'broken' || kind === 'lost')
    return { kind: chance.pick(['refundMade', 'thanks'] as const), customer, order };
  const next = chance.pick(['thanks', 'questions', 'whereNamed'] as const);
  return { kind: next === 'whereNamed' && !isOpen(order, now) ? 'thanks' : next, customer, order };
}

type Fit = (order: Order, customer: SampleCustomer) => boolean;

/** Which orders, and whose, a kind of message may be about. */
function fitFor(kind: Truth['kind'], now: number, refunded: ReadonlySet<string>): Fit {
  const decided = (order: Order) => decideRefund(order, { key: 'load', skus: null, reason: 'load' }, now);
  const mayRefund: Fit = (order, { customer }) =>
    decided(order).kind === 'refund' && !refunded.has(order.id) && !customer.vip;
  const isOfOthers: Fit = (_, { customer }) => !customer.vip;
  const special: Partial<Record<Truth['kind'], Fit>> = {
    broken: (order, whose) => order.status === 'delivered' && mayRefund(order, whose),
    lost: (order, whose) => order.shipment?.status === 'lost' && mayRefund(order, whose),
    overLimit: (order) => order.status === 'delivered' && isRefundable(order, now) && decided(order).kind === 'refused',
    notRefundable: (order) => order.status !== 'cancelled' && !isRefundable(order, now),
    vip: (_, { customer }) => customer.vip,
    whereNamed: (order, whose) => isOpen(order, now) && isOfOthers(order, whose),
    whereUnnamed: (order, whose) => isOpen(order, now) && isOfOthers(order, whose),
    nearMiss: (order, whose) => isOpen(order, now) && isOfOthers(order, whose),
  };
  return special[kind] ?? isOfOthers;
}

/** On its way, or to be sent: what a customer asks about. */
const isOpen = ({ status, shipment }: Order, now: number): boolean =>
  status === 'processing' ||
  (status === 'shipped' && shipment?.status !== 'lost' && (shipment?.expectedAt ?? 0) > now - 8 * 86_400_000);

function wording(chance: Dice, { kind, order, customer }: Draft): string {
  const texts: readonly string[] =
    kind in NEEDS_PERSON ? NEEDS_PERSON[kind as PersonKind] : ROUTINE[kind as RoutineKind];
  const filled = fillIn(chance, chance.pick(texts), order);
  return kind === 'language' || kind === 'thanks' ? filled : dress(chance, filled, customer.customer);
}

function truthOf({ kind, order }: Draft, refunded: Set<string>): Truth {
  if (kind in NEEDS_PERSON) return { kind, needsPerson: reasonOf(kind as PersonKind), refund: null };
  if (kind !== 'broken' && kind !== 'lost') return { kind, needsPerson: null, refund: null };
  refunded.add(order.id);
  return { kind, needsPerson: null, refund: { orderId: order.id, cents: order.totalCents } };
}

function reasonOf(kind: PersonKind): Reason {
  return kind === 'overLimit' || kind === 'notRefundable' ? 'refund-limit' : kind;
}
