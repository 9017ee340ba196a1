import type { Usage } from '../models/price.ts';
import type { TerminalState } from '../tasks/task.ts';

/** What is counted: one tenant's use of one agent on one UTC day. */
export interface UsageKey {
  readonly tenant: string;
  readonly agent: string;
  /** YYYY-MM-DD. */
  readonly day: string;
}

/** Model calls and what they cost. */
export interface ModelUse {
  readonly calls: number;
  readonly usage: Usage;
  /** US dollars of answered calls. */
  readonly usd: number;
  /** US dollars that caching saved. Negative when cache writes cost more than reads saved. */
  readonly savedUsd: number;
  /** US dollars reserved for calls that broke off: they may have been billed. */
  readonly lostUsd: number;
}

/** What is added to a key's counters, in one write. */
export interface UsageChange {
  /** By model, as the catalogue names it. */
  readonly models?: Readonly<Record<string, ModelUse>>;
  /** Tasks that ended. */
  readonly ended?: Readonly<Partial<Record<TerminalState['status'], number>>>;
}

export interface UsageRow extends UsageKey, ModelUse {
  readonly models: Readonly<Record<string, ModelUse>>;
  readonly ended: Readonly<Record<TerminalState['status'], number>>;
}

export interface UsageQuery {
  readonly tenant: string;
  readonly agent?: string | undefined;
  /** First and last UTC day, YYYY-MM-DD, both included. */
  readonly from: string;
  readonly to: string;
}

/**
 * Counters for people: what was used and what it cost. They decide nothing. A write whose answer was lost may count
 * twice; a worker that dies between a call and its count leaves that one call out.
 */
export interface UsageStore {
  add(key: UsageKey, change: UsageChange): Promise<void>;
  /** A tenant's rows by day, then agent. Eventually consistent. */
  query(query: UsageQuery): Promise<readonly UsageRow[]>;
}
