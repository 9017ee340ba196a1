import { roundUsd, tokensOf } from '../models/price.ts';
import type { Task } from './task.ts';

/** What a task is charged: answered calls, and calls that broke off and may have been billed. */
export function costOf({ spend }: Pick<Task, 'spend'>): { readonly usd: number; readonly tokens: number } {
  return { usd: roundUsd(spend.usd + spend.lost.usd), tokens: tokensOf(spend.usage) + spend.lost.tokens };
}
