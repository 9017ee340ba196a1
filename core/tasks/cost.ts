import { roundUsd, tokensOf } from '../models/price.ts';
import { reservedFor } from './delegation.ts';
import type { Task } from './task.ts';

/** What a task is charged: answered calls, and calls that broke off and may have been billed. */
export function costOf({ spend }: Pick<Task, 'spend'>): { readonly usd: number; readonly tokens: number } {
  return { usd: roundUsd(spend.usd + spend.lost.usd), tokens: tokensOf(spend.usage) + spend.lost.tokens };
}

/** What a task may have spent of its own budget: its calls, and the tasks that it delegated with everything below them. */
export function treeCostOf({ spend, delegation }: Pick<Task, 'spend' | 'delegation'>): {
  readonly usd: number;
  readonly tokens: number;
} {
  const own = costOf({ spend });
  const settled = spend.delegated ?? { usd: 0, tokens: 0 };
  const open = reservedFor(delegation?.children ?? []);
  return { usd: roundUsd(own.usd + settled.usd + open.usd), tokens: own.tokens + settled.tokens + open.tokens };
}
