import { sqsCallbackQueue } from '#adapters/sqs/callback-queue.ts';
import type { CallbackQueue } from '#core/ports/callback-queue.ts';

/** The callbacks' queue, for functions that end tasks; undefined where the stack has none. */
export function callbackQueue({
  CALLBACK_QUEUE_URL: queueUrl,
}: {
  readonly CALLBACK_QUEUE_URL?: string | undefined;
}): CallbackQueue | undefined {
  return queueUrl === undefined ? undefined : sqsCallbackQueue({ queueUrl });
}
