import { sqsTaskQueue } from '../../adapters/sqs-task-queue.ts';
import type { TaskQueue } from '../../core/ports/task-queue.ts';

/** The queues of one agent's pool, for functions of its system that hand it tasks. */
export function taskQueue(
  env: { readonly HIGH_QUEUE_URL: string; readonly DEFAULT_QUEUE_URL: string },
  agent: string,
): TaskQueue {
  return sqsTaskQueue({ agent, urls: { high: env.HIGH_QUEUE_URL, default: env.DEFAULT_QUEUE_URL } });
}
