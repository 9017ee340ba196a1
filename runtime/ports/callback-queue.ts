import { sqsCallbackQueue } from '#adapters/sqs/callback-queue.ts';
import type { CallbackQueue } from '#core/ports/callback-queue.ts';

/** The queue of callbacks, for functions that end tasks. Undefined when the stack has none. */
export function callbackQueue({
  CALLBACK_QUEUE_URL: queueUrl,
}: {
  readonly CALLBACK_QUEUE_URL?: string | undefined;
}): CallbackQueue | undefined {
  return queueUrl === undefined ? undefined : sqsCallbackQueue({ queueUrl });
}
