import { sqsPoolQueues } from '#adapters/sqs/pool-queues.ts';
import { sqsTaskQueue } from '#adapters/sqs/task-queue.ts';
import type { TaskQueue } from '#core/ports/task-queue.ts';

interface QueueUrls {
  readonly HIGH_QUEUE_URL: string;
  readonly DEFAULT_QUEUE_URL: string;
}

/** One queue of an agent's pool, for functions of its system that send all tasks to it. */
export function taskQueue(url: string, agent: string): TaskQueue {
  return sqsTaskQueue({ agent, urls: { high: url, default: url } });
}

/** The queues of a function's own pool and of all others, since a task's end may wake a task of another agent. */
export function poolQueues(env: QueueUrls & { readonly QUEUE_PREFIX: string }, agent: string): TaskQueue {
  return sqsPoolQueues({ prefix: env.QUEUE_PREFIX, own: { agent, urls: urlsOf(env) } });
}

const urlsOf = ({ HIGH_QUEUE_URL, DEFAULT_QUEUE_URL }: QueueUrls) => ({
  high: HIGH_QUEUE_URL,
  default: DEFAULT_QUEUE_URL,
});
