import { dice, type Dice } from '#core/chance/dice.ts';
import type { Reason } from '../agents/answer.ts';
import type { SampleCustomer } from '../samples/shop.ts';
import type { Order } from '../shop/order.ts';
import { decideRefund, isRefundable } from '../shop/refund.ts';
import { embellish, fillIn } from './phrase.ts';
import { NEEDS_PERSON, type PersonKind } from './texts/needs-person.ts';
import { ROUTINE, type RoutineKind } from './texts/routine.ts';

/** The correct outcome of a message. Neither the agent nor the simulated model sees it. */
export interface Truth {
  /** Why a person must answer; null if the agent may. */
  readonly needsPerson: Reason | null;
  readonly kind: RoutineKind | PersonKind;
  /** The refund that the message asks for and is due. */
  readonly refund: { readonly orderId: string; readonly cents: number } | null;
}

/** One message of a thread. */
export interface LoadMessage {
  /** The same for the same seed. */
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
  /** Number of threads, of one to three messages each. */
  readonly threads: number;
  /** Milliseconds since the epoch: the `now` that the customers were generated with. */
  readonly now: number;
}

/**
 * Generates threads of messages with their correct outcomes. The same options generate the same threads.
 * With a larger number of threads, the first ones stay the same.
 */
export function conversations(options: ConversationOptions): readonly (readonly LoadMessage[])[] {
  const refunded = new Set<string>();
  return Array.from({ length: options.threads }, (_, index) => thread(options, index, refunded));
}

/** Share of threads whose first message needs a person. */
const PERSON_SHARE = 0.2;
/** Chance that a message has a follow-up. */
const FOLLOW_UP_SHARE = 0.4;
/** Chance that a follow-up needs a person. */
const FOLLOW_UP_PERSON_SHARE = 0.08;

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
  while (drafts.length < 3 && chance.chance(FOLLOW_UP_SHARE)) drafts.push(following(chance, drafts[0] as Draft, now));
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
  // Start at a random customer, so that all of them write.
  const from = chance.int(0, customers.length - 1);
  const rotated = [...customers.slice(from), ...customers.slice(0, from)];
  // When all refundable orders have been refunded, customers only ask questions.
  const draft =
    drafted(chance, rotated, kind, fitFor(kind, now, refunded)) ?? drafted(chance, rotated, 'questions', any);
  if (!draft) throw new Error('No sample customer has an order. Generate more customers.');
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
  if (chance.chance(FOLLOW_UP_PERSON_SHARE))
    return { kind: chance.pick(['human', 'legal', 'complaint', 'press'] as const), customer, order };
  if (kind === 'broken' || kind === 'lost')
    return { kind: chance.pick(['refundMade', 'thanks'] as const), customer, order };
  const next = chance.pick(['thanks', 'questions', 'whereNamed'] as const);
  return { kind: next === 'whereNamed' && !isOpen(order, now) ? 'thanks' : next, customer, order };
}

type Fit = (order: Order, customer: SampleCustomer) => boolean;

/** The orders that a kind of message may be about. */
function fitFor(kind: Truth['kind'], now: number, refunded: ReadonlySet<string>): Fit {
  const decided = (order: Order) => decideRefund(order, { key: 'load', skus: null, reason: 'load' }, now);
  const mayRefund: Fit = (order, { customer }) =>
    decided(order).kind === 'refund' && !refunded.has(order.id) && !customer.vip;
  const isNotVip: Fit = (_, { customer }) => !customer.vip;
  const special: Partial<Record<Truth['kind'], Fit>> = {
    broken: (order, whose) => order.status === 'delivered' && mayRefund(order, whose),
    lost: (order, whose) => order.shipment?.status === 'lost' && mayRefund(order, whose),
    overLimit: (order) => order.status === 'delivered' && isRefundable(order, now) && decided(order).kind === 'refused',
    notRefundable: (order) => order.status !== 'cancelled' && !isRefundable(order, now),
    vip: (_, { customer }) => customer.vip,
    whereNamed: (order, whose) => isOpen(order, now) && isNotVip(order, whose),
    whereUnnamed: (order, whose) => isOpen(order, now) && isNotVip(order, whose),
    nearMiss: (order, whose) => isOpen(order, now) && isNotVip(order, whose),
  };
  return special[kind] ?? isNotVip;
}

/** Whether an order is being processed or on its way, so that a customer may ask about it. */
const isOpen = ({ status, shipment }: Order, now: number): boolean =>
  status === 'processing' ||
  (status === 'shipped' && shipment?.status !== 'lost' && (shipment?.expectedAt ?? 0) > now - 8 * 86_400_000);

function wording(chance: Dice, { kind, order, customer }: Draft): string {
  const texts: readonly string[] =
    kind in NEEDS_PERSON ? NEEDS_PERSON[kind as PersonKind] : ROUTINE[kind as RoutineKind];
  const filled = fillIn(chance, chance.pick(texts), order);
  return kind === 'language' || kind === 'thanks' ? filled : embellish(chance, filled, customer.customer);
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
