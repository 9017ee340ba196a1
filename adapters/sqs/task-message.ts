import type { SendMessageCommandInput } from '@aws-sdk/client-sqs';
import type { MessageTask } from '#core/ports/task-queue.ts';
import { delaySeconds } from './delay-seconds.ts';

/**
 * A task's message: its id, and whether it opened its session. The message group is the tenant. On a standard queue a
 * group does not imply an order, but SQS delivers groups with few messages in flight first, so the backlog of one tenant
 * does not delay the others.
 */
export function taskMessage(
  { id, tenant, opensSession }: Pick<MessageTask, 'id' | 'tenant' | 'opensSession'>,
  delayMs: number,
): Omit<SendMessageCommandInput, 'QueueUrl'> {
  return {
    MessageBody: JSON.stringify({ type: 'task', taskId: id, opensSession }),
    // SQS accepts 128 letters, digits and punctuation marks.
    MessageGroupId: encodeURIComponent(tenant).slice(0, 128),
    DelaySeconds: delaySeconds(delayMs),
  };
}
