import type { Tier } from '#core/models/catalogue.ts';
import { awsDollars, sumOf, tokenDollars } from './dollars.ts';
import { byTightness, drain, rateOf } from './drain.ts';
import { limitsOf } from './limits.ts';
import type { Service } from './prices.ts';
import { taskSeconds, TIERS, USUAL, type Workload } from './workload.ts';

/** What a number of tasks takes and costs. */
export interface ScaleRow {
  readonly tasks: number;
  readonly drainSeconds: number;
  readonly firstLimit: string;
  readonly liftedBy: string;
  /** US dollars by service, without tokens. */
  readonly awsUsd: Readonly<Record<Service, number>>;
  readonly awsUsdTotal: number;
  /** US dollars of the tokens, if the agent had this tier. */
  readonly tokensUsd: Readonly<Record<Tier, number>>;
}

/** A limit of the ladder, once those before it are lifted. */
export interface Step {
  readonly limit: string;
  readonly tasksPerSecond: number;
  readonly liftedBy: string;
  readonly source: string;
  readonly kind: string;
}

/** What the model says about a workload. */
export interface Scale {
  readonly rows: readonly ScaleRow[];
  /** The limits, tightest first, as many tasks meet them. */
  readonly ladder: readonly Step[];
}

const SIZES = [1e3, 1e4, 1e5, 1e6, 1e7, 1e8] as const;

/** Computes what tasks of a workload take and cost, and their limits. */
export function scaleFigures(workload: Workload = USUAL): Scale {
  const limits = limitsOf(workload);
  const largest = SIZES.at(-1) ?? 1;
  return {
    rows: SIZES.map((tasks) => rowOf(workload, tasks)),
    ladder: byTightness(limits, largest).map((limit) => ({
      limit: limit.name,
      tasksPerSecond: rateOf(limit),
      liftedBy: limit.lift,
      source: limit.quota.source,
      kind: limit.quota.kind,
    })),
  };
}

function rowOf(workload: Workload, tasks: number): ScaleRow {
  const { seconds, first } = drain(limitsOf(workload), tasks, taskSeconds(workload));
  const awsUsd = awsDollars(workload, tasks);
  const tokens = TIERS.map((tier) => [tier, tokenDollars(workload, tier, tasks)] as const);
  return {
    tasks,
    drainSeconds: seconds,
    firstLimit: first.name,
    liftedBy: first.lift,
    awsUsd,
    awsUsdTotal: sumOf(awsUsd),
    tokensUsd: Object.fromEntries(tokens) as Record<Tier, number>,
  };
}
