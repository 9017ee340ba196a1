import type { AreaPlan } from './areas/area.ts';
import { chanceOf, type Chance } from './chance.ts';
import type { Rollout } from './rollout.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** The chance of each fault, per port call. */
export interface FaultRates {
  /** The whole worker dies: before the call leaves, during the call, or after it took effect. */
  readonly crash: number;
  /** The call fails and has no effect. */
  readonly loseRequest: number;
  /** The call takes effect, but its answer is lost. */
  readonly loseReply: number;
  /** The call takes effect, and its answer is slow: other calls overtake it. */
  readonly slow: number;
  /** The caller gives up, and the call takes effect much later. */
  readonly late: number;
  /** The worker and its heartbeat pause, often for longer than a lease. */
  readonly pause: number;
}

export interface ModelPlan {
  /** From when to when every call is throttled. */
  readonly throttled: readonly { readonly from: number; readonly to: number }[];
  /** The longest wait that the provider asks for. Null: it names none. */
  readonly retryAfterMs: number | null;
  /** Shares of the calls that fail, by kind. */
  readonly transient: number;
  readonly permanent: number;
  readonly hanging: number;
  readonly invalid: number;
  /** The longest a healthy call takes. */
  readonly slowestMs: number;
  readonly toolTurns: number;
  /** Input tokens a byte of the request costs: up to one, which is what the bound assumes. */
  readonly tokensPerByte: number;
}

export interface TaskOrder {
  readonly kind: 'task';
  readonly at: number;
  readonly key: string;
  readonly priority: 'high' | 'default' | 'economy';
  readonly token: string | null;
  /** The URL that is notified of the end. */
  readonly callback?: string;
  readonly cancelAt: number | null;
  /** The conversation it belongs to. */
  readonly session?: string;
  /** The user's words. @default they name the key */
  readonly instruction?: string;
  /** @default default */
  readonly tenant?: string;
  /** The agent version of its receiver. @default 1 */
  readonly version?: string;
}

export interface ObjectOrder {
  readonly kind: 'object';
  readonly at: number;
  /** Equal bytes are one task. */
  readonly bytes: string;
  readonly key: string;
  readonly request: { readonly id: string; readonly retry: number };
  readonly token: string;
  readonly cancelAt: number | null;
}

export interface UploadPlan {
  readonly id: string;
  /** When each object was created; S3 tells of it later, once or more often, in any order. */
  readonly objects: readonly number[];
  readonly manifest: number | null;
}

/** One thing that goes wrong at one call of a port, whatever the chances say. */
export interface Disturbance {
  /** Which call of the whole world, counted from 1. */
  readonly call: number;
  readonly fate: keyof FaultRates;
  /** Where a crash hits: before the call leaves, while it is under way, or after it took effect. */
  readonly crash?: CrashPoint;
}

export type CrashPoint = 'before' | 'during' | 'after';

export interface PausePlan {
  readonly from: number;
  readonly to: number;
  /** @default the pool */
  readonly of?: 'fleet' | 'tenant';
  /** How many tasks are all, the shares of them, and the milliseconds of each share. */
  readonly steps?: { readonly all: number; readonly percents: readonly number[]; readonly everyMs: number };
}

/** Draws what is paused, and how it is resumed, from a stream of its own: all else stays what it was. */
export function withHold(plan: Plan): Plan {
  const chance = chanceOf(plan.seed, 416);
  const { pause } = plan;
  if (!pause || chance.hits(0.4)) return plan;
  const of = chance.pick([undefined, 'fleet', 'tenant'] as const);
  const percents = chance.pick([[50], [25, 50, 100], [10, 50]]);
  const steps = { all: chance.between(2, 4), percents, everyMs: chance.between(1, 3) * MINUTE };
  return { ...plan, pause: { ...pause, ...(of && { of }), ...(chance.hits(0.7) && { steps }) } };
}

/** What one seed's world is like. Times are milliseconds of simulated time. */
export interface Plan {
  readonly seed: number;
  /** After this nothing goes wrong any more, and all that was begun must end. */
  readonly faultsUntil: number;
  readonly rates: FaultRates;
  /** What surely goes wrong. */
  readonly disturbances: readonly Disturbance[];
  /** The most a worker's clock may be wrong, either way. */
  readonly skewMs: number;
  readonly latencyMs: number;
  readonly workers: number;
  /** From when to when no worker gets a message: no capacity, or a long backlog of others'. Who worked then is gone. */
  readonly stalled: { readonly from: number; readonly to: number } | null;
  readonly batch: number;
  readonly timeLimitMs: number;
  readonly visibilityMs: number;
  readonly maxReceives: number;
  /** Chance that a message is delivered twice, and that one expires unread. */
  readonly duplicates: number;
  readonly expiry: number;
  readonly deadlineMs: number;
  /** When an operator pauses the pool, the fleet or the tenant `default`, and when the same resumes it: at once or in steps. */
  readonly pause?: PausePlan;
  /** Tasks of a tenant that may run at once. */
  readonly cap?: number;
  /** US dollars that the calls of a tenant, and those of the agent, may cost in a day. */
  readonly day?: { readonly tenantUsd?: number; readonly agentUsd?: number };
  /** Calls that the provider allows; it tells so with each answer, and keeps a minute's allowance. @default it names no limit */
  readonly requestsPerMinute?: number;
  readonly budget: { readonly tokens: number; readonly usd: number };
  readonly toolFailures: number;
  /** A token that can never be answered, faults or not: nobody else may suffer for it. */
  readonly unanswerable: string | null;
  readonly model: ModelPlan;
  readonly orders: readonly (TaskOrder | ObjectOrder)[];
  readonly uploads: readonly UploadPlan[];
  /** The releases of the workers. @default one, with version 1 */
  readonly rollout?: Rollout;
  /** Only in the worlds of one area: see `areas/`. */
  readonly area?: AreaPlan;
  /** How long an upload without a manifest must be quiet. */
  readonly quietMs: number;
}

/** Draws the world of a seed. Each family of trouble is there or not, so that many worlds have one kind alone. */
export function planOf(seed: number): Plan {
  const chance = chanceOf(seed, 1);
  const some = (share: number, low: number, high: number): number =>
    chance.hits(share) ? low + chance.next() * (high - low) : 0;
  const throttledForHours = chance.hits(0.06);
  const crowded = chance.hits(0.12);
  const uploading = chance.hits(0.35);
  const faultsUntil = throttledForHours ? chance.between(1, 4) * HOUR : chance.between(1, 15) * MINUTE;
  const timeLimitMs = chance.pick([60, 60, 120, 300, 900]) * SECOND;
  const plan: Plan = {
    seed,
    faultsUntil,
    disturbances: [],
    rates: {
      crash: some(0.5, 0.002, 0.06),
      loseRequest: some(0.4, 0.005, 0.12),
      loseReply: some(0.4, 0.005, 0.12),
      slow: some(0.3, 0.01, 0.1),
      late: some(0.25, 0.005, 0.05),
      pause: uploading ? some(0.35, 0.05, 0.2) : some(0.35, 0.01, 0.1),
    },
    skewMs: chance.hits(0.15) ? chance.between(1, 40) * SECOND : 0,
    latencyMs: crowded ? 200 : chance.pick([5, 20, 200]),
    workers: chance.between(1, 4),
    stalled: null,
    batch: chance.pick([1, 1, 2, 3]),
    timeLimitMs,
    visibilityMs: 6 * timeLimitMs,
    maxReceives: chance.pick([100, 100, 100, 6, 3]),
    duplicates: some(0.5, 0.05, 0.4),
    expiry: some(0.15, 0.05, 0.3),
    deadlineMs: chance.pick([6 * HOUR, 6 * HOUR, 30 * MINUTE, 5 * MINUTE]),
    budget: {
      tokens: chance.pick([200_000, 200_000, chance.between(1_500, 15_000)]),
      usd: chance.pick([2, 2, chance.between(2, 60) / 1_000]),
    },
    toolFailures: some(0.3, 0.1, 0.5),
    unanswerable: chance.hits(0.04) ? 'token-0' : null,
    model: { ...modelPlan(chance, faultsUntil, throttledForHours), ...(crowded && { permanent: 0.4, slowestMs: 500 }) },
    orders: crowded ? crowd(chance) : orders(chance, faultsUntil),
    uploads: uploading ? [upload(chance)] : [],
    quietMs: chance.pick([MINUTE, 5 * SECOND]),
  };
  const drawn = chance.hits(0.05) ? stalled(plan, chance) : plan;
  // Drawn from a stream of its own: the worlds without it stay what they were.
  const money = chanceOf(seed, 4);
  if (money.hits(0.1)) return maybeCalm({ ...drawn, ...spending(money, drawn.faultsUntil) }, money);
  const rate = chanceOf(seed, 5);
  if (rate.hits(0.08)) return maybeCalm({ ...drawn, ...limited(rate, drawn) }, rate);
  const gate = chanceOf(seed, 3);
  if (gate.hits(0.2)) return maybeCalm({ ...drawn, orders: conversation(gate, drawn.faultsUntil) }, gate);
  if (gate.hits(0.2)) return maybeCalm({ ...drawn, ...capped(gate, drawn.faultsUntil) }, gate);
  if (gate.hits(0.15)) return { ...drawn, ...troubled(gate, drawn) };
  return drawn;
}

/** The same with a pool that is cut off for an hour or more, while nothing ends for being old or received too often. */
function stalled(plan: Plan, chance: Chance): Plan {
  const from = chance.between(0, 30 * SECOND);
  const to = from + chance.between(1, 3) * HOUR;
  const faultsUntil = Math.max(plan.faultsUntil, to);
  return { ...plan, faultsUntil, stalled: { from, to }, maxReceives: 100, deadlineMs: 6 * HOUR };
}

function modelPlan(chance: Chance, faultsUntil: number, throttledForHours: boolean): ModelPlan {
  const from = throttledForHours ? 0 : chance.between(0, faultsUntil);
  const to = throttledForHours ? faultsUntil : from + chance.between(0, 5 * MINUTE);
  return {
    throttled: throttledForHours || chance.hits(0.3) ? [{ from, to }] : [],
    // For hours on end, short waits would be the same event thousands of times.
    retryAfterMs: throttledForHours
      ? chance.pick([10 * MINUTE, 20 * MINUTE, HOUR])
      : chance.pick([null, 2 * SECOND, MINUTE, 10 * MINUTE]),
    transient: chance.hits(0.35) ? chance.next() * 0.5 : 0,
    permanent: chance.hits(0.15) ? chance.next() * 0.3 : 0,
    hanging: chance.hits(0.15) ? chance.next() * 0.3 : 0,
    invalid: chance.hits(0.35) ? chance.next() * 0.8 : 0,
    slowestMs: chance.pick([500, 5 * SECOND, 50 * SECOND]),
    toolTurns: chance.pick([0, 1, 1, 2]),
    tokensPerByte: chance.pick([0.25, 0.5, 1]),
  };
}

function orders(chance: Chance, faultsUntil: number): (TaskOrder | ObjectOrder)[] {
  const span = Math.min(faultsUntil, 2 * MINUTE);
  const contents = ['x', 'y'] as const;
  return Array.from({ length: chance.between(1, 3) }, (_, index) => {
    const at = chance.hits(0.5) ? chance.between(0, 2 * SECOND) : chance.between(0, span);
    const cancelAt = chance.hits(0.1) ? at + chance.between(0, MINUTE) : null;
    if (chance.hits(0.4)) {
      const token = chance.hits(0.7) ? `token-${index}` : null;
      const priority = chance.pick(['default', 'high'] as const);
      const callback = token === null ? { callback: `https://receiver.example/${index}` } : {};
      return { kind: 'task', at, key: `key-${index}`, priority, token, ...callback, cancelAt };
    }
    const bytes = chance.pick(contents);
    const request = { id: chance.pick(['u1', 'u1', 'u2']), retry: chance.hits(0.15) ? 1 : 0 };
    return { kind: 'object', at, bytes, key: `${index}.pdf`, request, token: `token-${index}`, cancelAt };
  });
}

/** In many worlds nothing goes wrong: then nobody may be left to the sweeper. */
export function maybeCalm(plan: Plan, chance: Chance): Plan {
  if (chance.hits(0.6)) return plan;
  const rates = { crash: 0, loseRequest: 0, loseReply: 0, slow: 0, late: 0, pause: 0 };
  return { ...plan, rates, skewMs: 0, stalled: null, expiry: 0, maxReceives: 100, timeLimitMs: 15 * MINUTE };
}

/** Whether nothing goes wrong with machines, clocks and messages. */
export const isCalm = ({ rates, skewMs, stalled, expiry }: Plan): boolean =>
  Object.values(rates).every((rate) => rate === 0) && skewMs === 0 && stalled === null && expiry === 0;

/** An operator pauses the pool, or the provider fails for a while, so that its breaker opens; or both. */
function troubled(chance: Chance, { faultsUntil, model }: Plan): Partial<Plan> {
  const from = chance.between(0, MINUTE);
  const to = chance.between(from, Math.max(from + MINUTE, Math.min(faultsUntil, 20 * MINUTE)));
  const kind = chance.pick(['pause', 'outage', 'both']);
  const several = (): TaskOrder[] => conversation(chance, faultsUntil);
  const orders = [...several(), ...several(), ...several()].map(({ session, ...order }, index) => {
    const own = { ...order, key: `key-${index}`, token: order.token && `token-${index}` };
    return session === 'second' ? { ...own, session } : own;
  });
  return {
    orders,
    faultsUntil: Math.max(faultsUntil, to),
    ...(kind === 'outage' ? {} : { pause: { from, to } }),
    ...(kind === 'pause' ? {} : { model: { ...model, throttled: [], transient: 0.95, slowestMs: 500 } }),
  };
}

/** More tasks of one tenant than it may run at once, and one or two of another's. */
function capped(chance: Chance, faultsUntil: number): Pick<Plan, 'orders' | 'cap' | 'workers'> {
  const talk = chance.hits(0.3);
  const orders = [...conversation(chance, faultsUntil), ...conversation(chance, faultsUntil)].map((order, index) => {
    const { session, ...alone } = order;
    const tenant = chance.hits(0.8) ? 'big' : 'small';
    const named = { ...alone, tenant, key: `key-${index}`, token: order.token && `token-${index}` };
    return talk && session !== undefined ? { ...named, session: `${tenant}-${session}` } : named;
  });
  return { orders, cap: chance.between(1, 2), workers: chance.between(2, 5) };
}

/** More tasks, at once and by several workers, than a day's budget has room for: of a tenant, of the agent, or of both. */
function spending(chance: Chance, faultsUntil: number): Pick<Plan, 'orders' | 'day' | 'workers' | 'budget'> {
  const several = [...conversation(chance, faultsUntil), ...conversation(chance, faultsUntil)];
  const orders = several.map(({ kind, at, priority, cancelAt, token }, index) => ({
    kind,
    at,
    priority,
    cancelAt,
    tenant: chance.hits(0.8) ? 'big' : 'small',
    key: `key-${index}`,
    token: token && `token-${index}`,
  }));
  const usd = (): number => chance.between(8, 120) / 1_000;
  const day = chance.pick<NonNullable<Plan['day']>>([
    { tenantUsd: usd() },
    { agentUsd: usd() },
    { tenantUsd: usd(), agentUsd: usd() },
  ]);
  return { orders, day, workers: chance.between(2, 6), budget: { tokens: 200_000, usd: 2 } };
}

/** More calls, by several workers, than the provider allows in a minute or two. */
function limited(chance: Chance, drawn: Plan): Partial<Plan> {
  const { orders, workers, budget } = spending(chance, drawn.faultsUntil);
  const model = { ...drawn.model, throttled: [] };
  return { orders, workers, budget, model, requestsPerMinute: chance.between(4, 20), deadlineMs: 6 * HOUR };
}

/** Tasks of a session or two, most of them at once. */
function conversation(chance: Chance, faultsUntil: number): TaskOrder[] {
  const span = Math.min(faultsUntil, 2 * MINUTE);
  return Array.from({ length: chance.between(2, 5) }, (_, index) => {
    const at = chance.hits(0.7) ? chance.between(0, 2 * SECOND) : chance.between(0, span);
    return {
      kind: 'task',
      at,
      key: `key-${index}`,
      priority: chance.pick(['default', 'high'] as const),
      token: chance.hits(0.7) ? `token-${index}` : null,
      cancelAt: chance.hits(0.15) ? at + chance.between(0, MINUTE) : null,
      session: chance.hits(0.8) ? 'first' : 'second',
    };
  });
}

/** The same document in two uploads, all at once, while its analysis mostly fails. */
function crowd(chance: Chance): ObjectOrder[] {
  return Array.from({ length: chance.between(2, 4) }, (_, index) => ({
    kind: 'object',
    at: chance.between(0, 2 * SECOND),
    bytes: 'x',
    key: `${index}.pdf`,
    request: { id: `u${1 + (index % 2)}`, retry: 0 },
    token: `token-${index}`,
    cancelAt: chance.hits(0.2) ? chance.between(0, 4 * SECOND) : null,
  }));
}

function upload(chance: Chance): UploadPlan {
  const objects = Array.from({ length: chance.between(1, 4) }, () => chance.between(0, 3 * MINUTE));
  const last = Math.max(...objects);
  const manifest = chance.hits(0.6) ? (chance.hits(0.7) ? last + 1 : chance.between(0, last)) : null;
  return { id: chance.pick(['june', 'June contracts (2)']), objects, manifest };
}
