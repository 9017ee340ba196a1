import type { MapState } from '../../../asl/definition.ts';
import { evaluateAs } from '../../../asl/evaluate.ts';
import type { Frame } from '../../../asl/frame.ts';
import { LIMITS } from '../../../asl/limits.ts';
import { evaluateWhole, isNumber } from '../../../asl/numbers.ts';

/** A map run's settings, evaluated when it begins. */
export interface MapRunSettings {
  /** As written: 0 for the service's own limit. */
  readonly maxConcurrency: number;
  readonly toleratedFailureCount: number | undefined;
  readonly toleratedFailurePercentage: number | undefined;
}

export async function evaluateSettings(state: MapState, frame: Frame): Promise<MapRunSettings> {
  const bindings = frame.bindings({ input: frame.state.input });
  const percentage = state.distributed?.toleratedFailurePercentage;
  return {
    maxConcurrency: (await evaluateWhole(state.maxConcurrency, bindings)) ?? 0,
    toleratedFailureCount: await evaluateWhole(state.distributed?.toleratedFailureCount, bindings),
    toleratedFailurePercentage:
      percentage === undefined ? undefined : await evaluateAs(percentage, 'number', isNumber, bindings),
  };
}

/** How many children may run at once. */
export function concurrencyOf({ maxConcurrency }: MapRunSettings): number {
  return maxConcurrency === 0 ? LIMITS.distributedConcurrency : Math.min(maxConcurrency, LIMITS.distributedConcurrency);
}

/**
 * Whether more items failed than the settings tolerate: the count or the percentage, whichever is exceeded first;
 * with neither set, a single failure.
 */
export function exceeds(settings: MapRunSettings, failed: number, total: number): boolean {
  const { toleratedFailureCount: count, toleratedFailurePercentage: percentage } = settings;
  if (count === undefined && percentage === undefined) return failed > 0;
  if (count !== undefined && failed > count) return true;
  return percentage !== undefined && failed * 100 > percentage * total;
}
