import type { z } from 'zod';
import type { Clock } from '../../asl/clock.ts';
import type { TaskTokens } from '../../asl/tokens.ts';
import { parseInput } from '../http.ts';
import type { ServiceInput, ServiceOutput } from '../service.ts';
import type { Arns } from './arns.ts';
import type { Executions } from './executions.ts';
import type { StateMachines } from './state-machines.ts';
import type { Store } from './store.ts';

/** What every action works on. */
export interface Context {
  readonly store: Store;
  readonly machines: StateMachines;
  readonly executions: Executions;
  readonly tokens: TaskTokens;
  readonly arns: Arns;
  readonly clock: Clock;
}

/** One API action. */
export type Action = (context: Context, input: ServiceInput) => ServiceOutput | Promise<ServiceOutput>;

/** Reads an action's input; what does not fit is AWS's `ValidationException`. */
export function read<Schema extends z.ZodType>(schema: Schema, input: ServiceInput): z.output<Schema> {
  return parseInput(schema, input, { missing: 'ValidationException', invalid: 'ValidationException' });
}

/** An instant as the API writes it: seconds since 1970, with milliseconds as the fraction. */
export function seconds(instant: number): number {
  return instant / 1000;
}
