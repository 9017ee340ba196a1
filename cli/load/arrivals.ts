import { dice } from '#core/chance/dice.ts';
import type { LoadOptions } from './options.ts';

/**
 * When tasks come, in milliseconds from the start: whatever the fleet does, they come (an open loop), so that a slow
 * fleet is not spared. At random as independent clients come (a Poisson process), or evenly.
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
