import type { Faults } from './options.ts';
import type { SimulatedClaudeStats } from './stats.ts';

/** Messages to the simulator's thread. */
export type ToWorker =
  | { readonly kind: 'stats' }
  | { readonly kind: 'faults'; readonly faults: Faults }
  | { readonly kind: 'close' };

/** Messages from the simulator's thread. Each `stats` answers the oldest request. */
export type FromWorker =
  | { readonly kind: 'listening'; readonly url: string }
  | { readonly kind: 'stats'; readonly stats: SimulatedClaudeStats };
