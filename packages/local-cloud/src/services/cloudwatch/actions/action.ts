import { z } from 'zod';
import { parseInput } from '../../http.ts';
import type { ServiceInput, ServiceOutput } from '../../service.ts';
import type { Alarms } from '../alarms/alarms.ts';
import type { AlarmRecords } from '../alarms/records.ts';
import type { MetricStore } from '../metrics/store.ts';

export interface CloudWatchContext {
  readonly metrics: MetricStore;
  readonly alarms: Alarms;
  readonly records: AlarmRecords;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Runs one API action. Throws `ServiceError`. */
export type CloudWatchAction = (context: CloudWatchContext, input: ServiceInput) => ServiceOutput;

export const CODES = { missing: 'MissingParameter', invalid: 'InvalidParameterValue' };

/** Defines an action with the schema of its input. */
export function action<S extends z.ZodType>(
  schema: S,
  run: (context: CloudWatchContext, input: z.output<S>) => ServiceOutput,
): CloudWatchAction {
  return (context, input) => run(context, parseInput(schema, input, CODES));
}

/** A time of the API, in seconds since 1970. Parsed to milliseconds. */
export const timeSchema = z.number().transform((seconds) => Math.round(seconds * 1_000));

/** A time as the API writes it. */
export const timeOf = (at: number): number => at / 1_000;

/** The place in a list that a `NextToken` names. */
export const tokenSchema = z.string().regex(/^\d+$/).default('0').transform(Number);

/** One page of a list, with the token of the next one. */
export function page<T>(items: readonly T[], from: number, size: number): { items: readonly T[]; next: ServiceOutput } {
  const to = from + size;
  return { items: items.slice(from, to), next: to < items.length ? { NextToken: String(to) } : {} };
}
