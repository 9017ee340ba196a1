import { dice } from '#core/chance/dice.ts';
import type { LoadOptions } from './options.ts';

/**
 * Returns when to submit each task, in milliseconds from the start. The schedule does not depend on the fleet (an open
 * loop), so that a slow fleet gets no less load. Random like independent clients (a Poisson process), or even.
 */
export function arrivals({ rate, duration, arrivals: kind, seed }: Omit<LoadOptions, 'work'>): readonly number[] {
  const gap = 1_000 / rate;
  if (kind === 'even') return Array.from({ length: Math.max(1, Math.round(duration / gap)) }, (_, nth) => nth * gap);
  const chance = dice(seed, 'arrivals');
  const times: number[] = [];
  for (let at = 0; ; times.push(at)) {
    at += -Math.log(1 - chance.next()) * gap;
    if (at >= duration) return times;
  }
}
