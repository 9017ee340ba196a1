import type { MapState } from '../../../asl/definition.ts';
import { evaluateAs } from '../../../asl/evaluate.ts';
import type { Frame } from '../../../asl/frame.ts';
import { LIMITS } from '../../../asl/limits.ts';
import { evaluateWhole, isNumber } from '../../../asl/numbers.ts';

/** The settings of a map run, evaluated when it starts. */
export interface MapRunSettings {
  /** As in the definition: 0 means the service's own limit. */
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

/** Returns how many children may run at the same time. */
export function concurrencyOf({ maxConcurrency }: MapRunSettings): number {
  return maxConcurrency === 0 ? LIMITS.distributedConcurrency : Math.min(maxConcurrency, LIMITS.distributedConcurrency);
}

/**
 * Returns whether more items failed than tolerated, by the count or by the percentage. With neither set, a single failure
 * is too many.
 */
export function exceeds(settings: MapRunSettings, failed: number, total: number): boolean {
  const { toleratedFailureCount: count, toleratedFailurePercentage: percentage } = settings;
  if (count === undefined && percentage === undefined) return failed > 0;
  if (count !== undefined && failed > count) return true;
  return percentage !== undefined && failed * 100 > percentage * total;
}
