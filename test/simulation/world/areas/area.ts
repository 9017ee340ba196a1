import type { StreamsPlan } from './stream-event.ts';

/** The provider's batches, and who looks after them. */
export interface EconomyPlan {
  /** Milliseconds from one collector to the next. */
  readonly collectEveryMs: number;
  /** The shortest and the longest time that a batch takes. */
  readonly batchMs: readonly [number, number];
  /** Shares of a batch's entries that fail there, are rejected, expire, or have no result at all. */
  readonly failed: number;
  readonly rejected: number;
  readonly expired: number;
  readonly missing: number;
  /** Chance that the provider refuses to create a batch: throttled, rejected or failed, and nothing was made. */
  readonly notMade: number;
  /** Chance that the call that creates a batch times out: it makes it minutes later, or never. */
  readonly madeLate: number;
  /** Chance that two look at a batch at once, as when a function times out and is called again. */
  readonly twoLooks: number;
  /** Chance that the state machine that polls a batch stops after a look. */
  readonly pollDies: number;
}

export interface UpgradesPlan {
  /** Tenths of the answers that the agent finds unsure, at whichever tier. */
  readonly unsureTenths: number;
}

export interface SessionsPlan {
  readonly tokenLimit: number;
  readonly keptMs: number;
  readonly overflow: 'drop' | 'summarise';
  /** When an operator forgets the session `first`. */
  readonly forgets: readonly number[];
}

export interface EscalationsPlan {
  /** Tenths of the answers that go to a person. */
  readonly tenths: number;
  /** The people who answer them. */
  readonly people: number;
}

/** The receivers of callbacks. Shares of the deliveries. */
export interface ReceiversPlan {
  /** The receiver answers 500, or not at all. */
  readonly failing: number;
  /** It wants no more: 410. */
  readonly gone: number;
  /** The longest `retry-after` that it sends. */
  readonly askedMs: number;
}

/** Tasks that delegate to others. */
export interface TreesPlan {
  /** Levels below the tasks of clients. */
  readonly depth: 1 | 2 | 3;
  /** The most tasks that one call delegates. */
  readonly most: number;
  /** Share of the calls that wait only for some of their tasks, and of those that name no agent. */
  readonly enough: number;
  readonly wrong: number;
}

/** What the worlds of one area have that others do not. */
export interface AreaPlan {
  readonly streams?: StreamsPlan;
  readonly economy?: EconomyPlan;
  readonly upgrades?: UpgradesPlan;
  readonly sessions?: SessionsPlan;
  readonly escalations?: EscalationsPlan;
  readonly receivers?: ReceiversPlan;
  readonly trees?: TreesPlan;
  /** Tasks of high priority and others compete for one rate limit. */
  readonly rush?: true;
}

/** Numbers of ten that a share of answers has: the same answer is always judged alike. */
export const isOneOf = (tenths: number, sum: number): boolean => (sum * 7) % 10 < tenths;

/** The model of the higher tier, at twice the price. */
export const DEEP_MODEL = 'simulated-deep';
