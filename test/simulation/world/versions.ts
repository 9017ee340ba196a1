import { chanceOf, type Chance } from './chance.ts';
import { maybeCalm, type Plan, type TaskOrder } from './plan.ts';
import type { Code, Rollout } from './rollout.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const OLD: Code = ['1'];
const NEW: Code = ['2', '1'];
/** A version that was raised without the earlier one. */
const BARE: Code = ['2'];

/** The stream that decides which seeds have a rollout. Under this one the telling seeds (`program/mutants.ts`) keep their worlds. */
const STREAM = 47;
const SHARE = 0.06;

/** The world of a seed, in some seeds with a rollout. */
export const maybeRollOut = (plan: Plan): Plan => (chanceOf(plan.seed, STREAM).hits(SHARE) ? rollOut(plan) : plan);

/** A world with a deploy of its workers in the middle, in some a rollback, or a version that is left out for a while. */
export function rollOut(plan: Plan): Plan {
  const chance = chanceOf(plan.seed, STREAM + 1);
  const { pause: _, cap: _cap, day: _day, requestsPerMinute: _rpm, ...base } = plan;
  const rollout = drawRollout(chance);
  const last = rollout.at(-1)?.from ?? 0;
  const isShort = chance.hits(0.15);
  const cap = chance.hits(0.4) ? chance.between(1, 2) : undefined;
  const world: Plan = {
    ...base,
    rollout,
    orders: cap === undefined ? tasks(chance, 2, 6, last) : tasks(chance, 5, 10, last),
    rates: { ...base.rates, crash: chance.pick([base.rates.crash, 0.05]) },
    uploads: [],
    stalled: null,
    unanswerable: null,
    maxReceives: 100,
    // In most worlds no deadline is near: then none may pass because of a version.
    deadlineMs: isShort ? 5 * MINUTE : 6 * HOUR,
    budget: { tokens: 200_000, usd: 2 },
    faultsUntil: Math.max(base.faultsUntil, last),
    workers: chance.between(2, 5),
    ...(cap !== undefined && { cap }),
    ...(chance.hits(0.15) && { pause: { from: chance.between(0, MINUTE), to: last + chance.between(0, 5) * MINUTE } }),
  };
  const drawn = maybeCalm(world, chance);
  return { ...drawn, faultsUntil: Math.max(drawn.faultsUntil, drawn.pause?.to ?? 0) };
}

function drawRollout(chance: Chance): Rollout {
  const at = chance.between(0, MINUTE);
  const within = (): number => chance.between(10 * SECOND, 4 * MINUTE);
  const replaced = at + within();
  const deploy: Rollout = [
    { from: 0, code: [OLD] },
    { from: at, code: [OLD, NEW] },
    { from: replaced, code: [NEW] },
  ];
  const back = replaced + within();
  const again = back + chance.between(1, 40) * MINUTE;
  return chance.pick<Rollout>([
    deploy,
    // A rollback, and the deploy once more.
    [...deploy, { from: back, code: [NEW, OLD] }, { from: back + within(), code: [OLD] }, { from: again, code: [NEW] }],
    // Without the earlier version, until somebody notices.
    [
      { from: 0, code: [OLD] },
      { from: at, code: [OLD, BARE] },
      { from: replaced, code: [BARE] },
      { from: again, code: [NEW] },
    ],
  ]);
}

/** Tasks that old and new receivers accept meanwhile; some belong to one session. */
function tasks(chance: Chance, low: number, high: number, span: number): TaskOrder[] {
  const talk = chance.hits(0.4);
  return Array.from({ length: chance.between(low, high) }, (_, index): TaskOrder => {
    const at = chance.hits(0.5) ? chance.between(0, 2 * SECOND) : chance.between(0, Math.min(span, 10 * MINUTE));
    return {
      kind: 'task',
      at,
      key: `key-${index}`,
      version: chance.pick(['1', '2']),
      priority: chance.pick(['default', 'high'] as const),
      token: `token-${index}`,
      cancelAt: chance.hits(0.25) ? at + chance.between(0, 3 * MINUTE) : null,
      ...(talk && { session: chance.hits(0.8) ? 'first' : 'second' }),
    };
  });
}
