import type { PoolView } from '#core/api/pools/messages.ts';
import { number } from '../../parts/format.ts';

/** Why tasks of a pool wait, the most frequent cause first. */
export function Waiting({ pool: { tasks } }: { readonly pool: PoolView }) {
  const causes = Object.entries(tasks?.parked ?? {}).toSorted(([, a], [, b]) => b - a);
  if (causes.length === 0) return '–';
  return causes.map(([cause, tasks]) => `${number(tasks)} ${cause}`).join(', ');
}

/** A count, with a plus where the pool has more tasks than were counted. */
export const atLeast = ({ tasks }: PoolView, amount = 0): string =>
  `${number(amount)}${tasks?.complete === false ? '+' : ''}`;
