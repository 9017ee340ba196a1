import type { Context } from 'aws-lambda';
import type { Worker } from '#core/tasks/task.ts';

/** The names of this worker and invocation in logs and traces. */
export function thisWorker({ logStreamName }: Pick<Context, 'logStreamName'>): Worker {
  // Lambda sets it for each invocation: `Root=1-…;Parent=…;Sampled=1`.
  const trace = /Root=([\w-]+)/.exec(process.env['_X_AMZN_TRACE_ID'] ?? '')?.[1];
  return { name: logStreamName, ...(trace === undefined ? {} : { trace }) };
}
