import type { z } from 'zod';
import { parseInput } from '../../http.ts';
import type { Caller, ServiceInput, ServiceOutput } from '../../service.ts';
import { INPUT_CODES } from '../errors.ts';
import type { MoveTasks } from '../move-tasks.ts';
import type { Queue } from '../queue.ts';
import type { QueueStore } from '../store.ts';

/** What every operation works on. */
export interface SqsContext {
  readonly store: QueueStore;
  readonly moveTasks: MoveTasks;
  /** Aborts when nobody waits for the answer any more. */
  readonly signal: AbortSignal | undefined;
  readonly caller: Caller;
  /** Noted with the messages a `ReceiveMessage` takes: see `ReceiveRequest`. */
  readonly receiver?: string | undefined;
  readonly queueUrl: (queue: Queue) => string;
}

export type SqsAction = (context: SqsContext, input: ServiceInput) => Promise<ServiceOutput>;

/** An operation: its input is parsed, and its answer waits until all it did is on disk. */
export function action<S extends z.ZodType>(
  schema: S,
  run: (context: SqsContext, input: z.output<S>) => ServiceOutput | Promise<ServiceOutput>,
): SqsAction {
  return async (context, input) => {
    const output = await run(context, parseInput(schema, input, INPUT_CODES));
    await context.store.committed();
    return output;
  };
}
