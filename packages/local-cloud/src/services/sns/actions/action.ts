import type { z } from 'zod';
import { parseInput } from '../../http.ts';
import type { ServiceInput, ServiceOutput } from '../../service.ts';
import type { Destinations } from '../deliver.ts';
import type { TopicStore } from '../store.ts';

/** The context of every operation. */
export interface SnsContext extends Destinations {
  readonly store: TopicStore;
  readonly now: () => number;
}

export type SnsAction = (context: SnsContext, input: ServiceInput) => Promise<ServiceOutput>;

const CODES = { missing: 'InvalidParameter', invalid: 'InvalidParameter' };

export function action<S extends z.ZodType>(
  schema: S,
  run: (context: SnsContext, input: z.output<S>) => ServiceOutput | Promise<ServiceOutput>,
): SnsAction {
  return async (context, input) => run(context, parseInput(schema, input, CODES));
}
