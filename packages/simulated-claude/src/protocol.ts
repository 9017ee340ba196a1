import type { SimulatedClaudeStats } from './stats.ts';

/** What the starter says to the simulator's thread. */
export type ToWorker = { readonly kind: 'stats' } | { readonly kind: 'close' };

/** What the thread says; each `stats` answers the oldest question. */
export type FromWorker =
  | { readonly kind: 'listening'; readonly url: string }
  | { readonly kind: 'stats'; readonly stats: SimulatedClaudeStats };
