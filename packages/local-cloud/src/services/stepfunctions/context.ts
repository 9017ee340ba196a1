import type { z } from 'zod';
import type { Clock } from '../../asl/clock.ts';
import type { TaskTokens } from '../../asl/tokens.ts';
import { parseInput } from '../http.ts';
import type { ServiceInput, ServiceOutput } from '../service.ts';
import type { Arns } from './arns.ts';
import type { Executions } from './executions.ts';
import type { StateMachines } from './state-machines.ts';
import type { Store } from './store.ts';

/** The context of every action. */
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

/** Parses an action's input. Throws AWS's `ValidationException` for an invalid input. */
export function read<Schema extends z.ZodType>(schema: Schema, input: ServiceInput): z.output<Schema> {
  return parseInput(schema, input, { missing: 'ValidationException', invalid: 'ValidationException' });
}

/** Converts a time to the API's format: seconds since 1970, with the milliseconds as a fraction. */
export function seconds(instant: number): number {
  return instant / 1000;
}
