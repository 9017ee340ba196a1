import type { SendMessageCommandInput } from '@aws-sdk/client-sqs';
import type { TaskId } from '#core/tasks/task.ts';
import { delaySeconds } from './delay-seconds.ts';

/**
 * A task's message: its id alone. Its group is its tenant: on a standard queue that orders nothing, but SQS delivers
 * those of a group with few in flight first, so that a long backlog of one tenant holds up no other.
 */
export function taskMessage(
  { id, tenant }: { readonly id: TaskId; readonly tenant: string },
  delayMs: number,
): Omit<SendMessageCommandInput, 'QueueUrl'> {
  return {
    MessageBody: JSON.stringify({ type: 'task', taskId: id }),
    // SQS takes 128 letters, digits and punctuation marks.
    MessageGroupId: encodeURIComponent(tenant).slice(0, 128),
    DelaySeconds: delaySeconds(delayMs),
  };
}
