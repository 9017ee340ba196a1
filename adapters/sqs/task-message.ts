import type { SendMessageCommandInput } from '@aws-sdk/client-sqs';
import type { TaskId } from '../../core/tasks/task.ts';
import { delaySeconds } from './delay-seconds.ts';

/** A task's message: its id alone. */
export function taskMessage(
  { id }: { readonly id: TaskId },
  delayMs: number,
): Omit<SendMessageCommandInput, 'QueueUrl'> {
  return { MessageBody: JSON.stringify({ type: 'task', taskId: id }), DelaySeconds: delaySeconds(delayMs) };
}
