import type { z } from 'zod';
import { parseInput } from '../../http.ts';
import type { Caller, ServiceInput, ServiceOutput } from '../../service.ts';
import { INPUT_CODES } from '../errors.ts';
import type { MoveTasks } from '../move-tasks.ts';
import type { Queue } from '../queue.ts';
import type { QueueStore } from '../store.ts';

/** The context of every operation. */
export interface SqsContext {
  readonly store: QueueStore;
  readonly moveTasks: MoveTasks;
  /** Aborts when the client no longer waits for the response. */
  readonly signal: AbortSignal | undefined;
  readonly caller: Caller;
  /** Recorded with the messages of a `ReceiveMessage`; see `ReceiveRequest`. */
  readonly receiver?: string | undefined;
  readonly queueUrl: (queue: Queue) => string;
}

export type SqsAction = (context: SqsContext, input: ServiceInput) => Promise<ServiceOutput>;

/** Makes an operation that parses its input and returns its output once all its changes are on disk. */
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
