import { chanceOf, type Chance } from '../chance.ts';
import { streams } from './streams-plan.ts';
import { maybeCalm, planOf, type Plan, type TaskOrder } from '../plan.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/**
 * The stream that decides which seeds have a world of one area. Under this one the worlds of the seeds that have shown
 * rare bugs before (`program/mutants.ts`) stay what they were.
 */
const STREAM = 11_684;

const AREAS = [economy, upgrades, summaries, escalations, callbacks, midnight, rush, stops] as const;

/** The stream that decides which seeds have a world with trees, for the same reason. */
const TREES_STREAM = 249;

/** The one that decides which seeds have a world of streams, for the same reason. */
const STREAMS_STREAM = 354;

/** Draws the world of a seed: one of the worlds of `planOf`, or one of an area. */
export function worldOf(seed: number): Plan {
  const chance = chanceOf(seed, STREAM);
  const plan = planOf(seed);
  const flow = chanceOf(seed, STREAMS_STREAM);
  if (flow.hits(0.03)) return maybeCalm(streams(flow, roomyOf(plan)), flow);
  const own = chanceOf(seed, TREES_STREAM);
  if (own.hits(0.06)) return maybeCalm(trees(own, roomyOf(plan)), own);
  if (!chance.hits(0.2)) return plan;
  return maybeCalm(chance.pick(AREAS)(chance, roomyOf(plan)), chance);
}

/** A world in which nothing stands in an area's way. */
function roomyOf(plan: Plan): Plan {
  const { pause: _, cap: _cap, day: _day, requestsPerMinute: _rpm, ...base } = plan;
  return {
    ...base,
    uploads: [],
    stalled: null,
    unanswerable: null,
    deadlineMs: 6 * HOUR,
    budget: { tokens: 200_000, usd: 2 },
  };
}

/** Some tasks, most of them at once. */
function tasks(chance: Chance, low: number, high: number, own: (index: number) => Partial<TaskOrder> = () => ({})) {
  return Array.from({ length: chance.between(low, high) }, (_, index): TaskOrder => {
    const at = chance.hits(0.7) ? chance.between(0, 2 * SECOND) : chance.between(0, 2 * MINUTE);
    const token = chance.hits(0.5) ? `token-${index}` : null;
    const common = { kind: 'task', at, key: `key-${index}`, priority: 'default', token, cancelAt: null } as const;
    return { ...common, ...own(index) };
  });
}

/** Answers of ports take seconds, and models do not: children often end before their parent is parked. */
const hasty = ({ rates, model }: Plan): Partial<Plan> => ({
  rates: { ...rates, slow: 0.25, pause: 0 },
  model: { ...model, toolTurns: 1, slowestMs: 500, throttled: [], invalid: 0 },
  workers: 6,
  latencyMs: 10,
});

/** Tasks that delegate, cancelled in the middle, with too little money or time, or with all that it takes. */
function trees(chance: Chance, base: Plan): Plan {
  const orders = tasks(chance, 1, 2, () => ({
    cancelAt: chance.hits(0.25) ? chance.between(0, 2 * MINUTE) : null,
    priority: chance.pick(['default', 'high'] as const),
  }));
  const budget = chance.hits(0.7)
    ? base.budget
    : { tokens: chance.between(6_000, 60_000), usd: chance.between(20, 200) / 1_000 };
  return {
    ...base,
    orders,
    budget,
    workers: chance.between(1, 4),
    deadlineMs: chance.pick([6 * HOUR, 6 * HOUR, 6 * MINUTE, 20 * MINUTE]),
    model: { ...base.model, toolTurns: chance.pick([1, 1, 2]) },
    ...(chance.hits(0.2) && { day: { tenantUsd: chance.between(20, 120) / 1_000 } }),
    ...(chance.hits(0.2) && { cap: chance.between(1, 2) }),
    ...(chance.hits(0.3) && hasty(base)),
    area: {
      trees: {
        depth: chance.pick([1, 2, 2, 3] as const),
        most: chance.between(1, 3),
        enough: some(chance, 0.4, 0.8),
        wrong: some(chance, 0.3, 0.5),
      },
    },
  };
}

const some = (chance: Chance, share: number, high: number): number => (chance.hits(share) ? chance.next() * high : 0);

/** Tasks that wait for batches, with day budgets in half of the worlds. */
function economy(chance: Chance, base: Plan): Plan {
  const orders = tasks(chance, 1, 5, (index) => ({
    priority: 'economy',
    token: `token-${index}`,
    tenant: chance.hits(0.7) ? 'big' : 'small',
    cancelAt: chance.hits(0.2) ? chance.between(0, 30 * MINUTE) : null,
  }));
  const usd = (): number => chance.between(4, 60) / 1_000;
  const day = chance.pick<Plan['day']>([
    undefined,
    undefined,
    { tenantUsd: usd() },
    { agentUsd: usd(), tenantUsd: usd() },
  ]);
  const budget = chance.hits(0.7)
    ? base.budget
    : { tokens: chance.between(1_500, 15_000), usd: chance.between(2, 20) / 1_000 };
  return {
    ...base,
    orders,
    budget,
    ...(day && { day }),
    faultsUntil: chance.between(10, 90) * MINUTE,
    deadlineMs: 25 * HOUR,
    model: { ...base.model, toolTurns: 0 },
    ...(chance.hits(0.15) && { pause: { from: 0, to: chance.between(5, 40) * MINUTE } }),
    area: {
      economy: {
        collectEveryMs: chance.pick([MINUTE, 5 * MINUTE]),
        batchMs: chance.pick([
          [10 * SECOND, 2 * MINUTE],
          [MINUTE, HOUR],
        ] as const),
        failed: some(chance, 0.4, 0.6),
        rejected: some(chance, 0.2, 0.4),
        expired: some(chance, 0.3, 0.5),
        missing: some(chance, 0.2, 0.4),
        notMade: some(chance, 0.3, 0.5),
        pollDies: some(chance, 0.3, 0.5),
        madeLate: some(chance, 0.25, 0.5),
        twoLooks: some(chance, 0.4, 0.6),
      },
    },
  };
}

/** Answers that are unsure or wrong, so that tasks go on at the higher tier, where their budget has room. */
function upgrades(chance: Chance, base: Plan): Plan {
  const budget = chance.hits(0.6) ? base.budget : { tokens: 200_000, usd: chance.between(4, 30) / 1_000 };
  return {
    ...base,
    orders: tasks(chance, 1, 4, () => ({ tenant: 'big' })),
    budget,
    ...(chance.hits(0.3) && { day: { tenantUsd: chance.between(10, 60) / 1_000 } }),
    model: { ...base.model, invalid: some(chance, 0.6, 0.9) },
    area: { upgrades: { unsureTenths: chance.pick([0, 3, 6, 10]) } },
  };
}

/** Sessions that outgrow their limit, or expire between two tasks. */
function summaries(chance: Chance, base: Plan): Plan {
  const keptMs = chance.pick([HOUR, HOUR, 3 * MINUTE, 20 * SECOND]);
  const span = keptMs === 3 * MINUTE ? 20 * MINUTE : 4 * MINUTE;
  const orders = tasks(chance, 6, 10, (index) => ({
    at: chance.between(0, span),
    session: chance.hits(0.9) ? 'first' : 'second',
    cancelAt: chance.hits(0.2) ? chance.between(0, span + MINUTE) : null,
    instruction: `add what key-${index} says${' and more'.repeat(chance.between(1, 3))}`,
  }));
  const overflow = chance.pick(['summarise', 'summarise', 'drop'] as const);
  const area = { sessions: { tokenLimit: chance.pick([64, 64, 96]), keptMs, overflow, forgets: forgets(base, span) } };
  // Nothing keeps a summary from being made then.
  if (chance.hits(0.2)) return { ...undisturbed(base), orders, faultsUntil: span, area };
  return {
    ...base,
    orders,
    faultsUntil: Math.max(base.faultsUntil, span),
    ...(chance.hits(0.3) && { budget: { tokens: 200_000, usd: chance.between(4, 30) / 1_000 } }),
    rates: { ...base.rates, crash: chance.pick([base.rates.crash, 0.04]) },
    model: {
      ...base.model,
      toolTurns: chance.pick([0, 0, 1]),
      invalid: some(chance, 0.3, 0.3),
      permanent: some(chance, 0.3, 0.2),
    },
    area,
  };
}

/** From a stream of its own: all else stays what it was. */
function forgets({ seed }: Plan, span: number): readonly number[] {
  const chance = chanceOf(seed, 617);
  return chance.hits(0.5) ? Array.from({ length: chance.between(1, 4) }, () => chance.between(0, span)) : [];
}

/** The same world with a model that answers at once, and nothing that goes wrong. */
function undisturbed(base: Plan): Plan {
  const rates = { crash: 0, loseRequest: 0, loseReply: 0, slow: 0, late: 0, pause: 0 };
  const quiet = { throttled: [], transient: 0, permanent: 0, hanging: 0, invalid: 0, toolTurns: 0, slowestMs: 500 };
  const roomy = { timeLimitMs: 300 * SECOND, visibilityMs: 1_800 * SECOND, maxReceives: 100 };
  return { ...base, ...roomy, rates, skewMs: 0, expiry: 0, model: { ...base.model, ...quiet } };
}

/** Answers that go to people, who claim, release and answer them, at once and again. */
function escalations(chance: Chance, base: Plan): Plan {
  const talk = chance.hits(0.3);
  const orders = tasks(chance, 1, 4, (index) => ({
    ...(talk && { session: 'first' }),
    ...(chance.hits(0.3) && { callback: `https://receiver.example/${index}` }),
  }));
  const area = { escalations: { tenths: chance.pick([3, 7, 10]), people: chance.between(1, 3) } };
  return { ...base, orders, model: { ...base.model, toolTurns: chance.pick([0, 1]) }, area };
}

/** Receivers of callbacks that fail, for minutes or for good. */
function callbacks(chance: Chance, base: Plan): Plan {
  const orders = tasks(chance, 1, 4, (index) => ({
    callback: `https://receiver.example/${index}`,
    cancelAt: chance.hits(0.2) ? chance.between(0, MINUTE) : null,
  }));
  const failing = chance.pick([0, 0.3, 0.8, 1]);
  const askedMs = chance.pick([0, MINUTE, 8 * HOUR]);
  // Callbacks that are parked for hours meet faults too.
  const faultsUntil = chance.pick([base.faultsUntil, 4 * HOUR]);
  return { ...base, orders, faultsUntil, area: { receivers: { failing, gone: some(chance, 0.3, 0.2), askedMs } } };
}

/** Day budgets that are used up shortly before midnight: the rest of the tasks waits for the next day. */
function midnight(chance: Chance, base: Plan): Plan {
  const from = 24 * HOUR - chance.between(2, 20) * MINUTE;
  const orders = tasks(chance, 3, 7, () => ({
    at: from + chance.between(0, MINUTE),
    tenant: chance.hits(0.8) ? 'big' : 'small',
    cancelAt: chance.hits(0.1) ? from + chance.between(0, 5 * MINUTE) : null,
  }));
  const usd = (): number => chance.between(8, 40) / 1_000;
  const day = chance.pick<NonNullable<Plan['day']>>([
    { tenantUsd: usd() },
    { agentUsd: usd() },
    { tenantUsd: usd(), agentUsd: usd() },
  ]);
  const model = { ...base.model, throttled: [], toolTurns: 0 };
  const deadlineMs = chance.pick([6 * HOUR, 6 * HOUR, 10 * MINUTE]);
  return {
    ...base,
    orders,
    day,
    model,
    deadlineMs,
    faultsUntil: from + 10 * MINUTE,
    workers: chance.between(2, 5),
    area: {},
  };
}

/** Many tasks of high priority and a few others under one rate limit. */
function rush(chance: Chance, base: Plan): Plan {
  const high = tasks(chance, 10, 16, () => ({ priority: 'high', at: chance.between(0, 20 * SECOND), token: null }));
  const others = tasks(chance, 4, 6, (index) => ({
    at: chance.between(0, 20 * SECOND),
    key: `other-${index}`,
    token: null,
  }));
  const from = chance.between(5, 30) * SECOND;
  const throttled = chance.hits(0.5) ? [{ from, to: from + 15 * SECOND }] : [];
  const retryAfterMs = chance.between(10, 40) * SECOND;
  const quick = { throttled, retryAfterMs, transient: 0, hanging: 0, toolTurns: 0, slowestMs: 500 };
  const model = { ...base.model, ...quick };
  return {
    ...base,
    orders: [...high, ...others],
    model,
    requestsPerMinute: chance.between(6, 12),
    workers: chance.between(3, 5),
    timeLimitMs: 300 * SECOND,
    visibilityMs: 1_800 * SECOND,
    area: { rush: true },
  };
}

/** Workers that die while their tasks are to be cancelled, and pauses that outlast deadlines. */
function stops(chance: Chance, base: Plan): Plan {
  const orders = tasks(chance, 2, 4, (index) => ({
    token: `token-${index}`,
    cancelAt: chance.hits(0.6) ? chance.between(0, 3 * MINUTE) : null,
    ...(chance.hits(0.3) && { session: 'first' }),
  }));
  const pause = { from: chance.between(0, 30 * SECOND), to: chance.between(12, 40) * MINUTE };
  const crashes = { ...base.rates, crash: chance.pick([0.02, 0.06, 0.15]) };
  return {
    ...base,
    orders,
    rates: crashes,
    deadlineMs: chance.pick([3 * MINUTE, 5 * MINUTE, 11 * MINUTE, 30 * MINUTE]),
    ...(chance.hits(0.6) && { pause, faultsUntil: Math.max(base.faultsUntil, pause.to) }),
    ...(chance.hits(0.3) && { cap: 1 }),
    ...(chance.hits(0.25) && cutOff(chance)),
    area: {},
  };
}

/** No worker receives a message for an hour or two. */
function cutOff(chance: Chance): Pick<Plan, 'stalled' | 'faultsUntil'> {
  const [from, to] = [chance.between(0, MINUTE), chance.between(1, 2) * HOUR];
  return { stalled: { from, to }, faultsUntil: to };
}
