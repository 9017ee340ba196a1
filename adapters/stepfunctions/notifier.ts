import {
  InvalidToken,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  TaskDoesNotExist,
  TaskTimedOut,
  type SFNClient,
} from '@aws-sdk/client-sfn';
import type { TaskNotifier, TaskOutcome } from '#core/ports/notifier.ts';
import { startOf } from '#core/text/text.ts';
import { sfn } from './client.ts';

/**
 * Longest reason that is sent, in characters. A `cause` holds 32,768, and JSON may encode a character in six. The full
 * reason is in the task.
 */
const MAX_REASON_LENGTH = 4_000;

export interface StepFunctionsNotifierOptions {
  /** @default the process's shared client */
  readonly client?: SFNClient;
}

/**
 * Reports outcomes to task tokens: success with the outcome as output, anything else as the error `Task.<status>` with
 * the outcome as its cause. The SDK retries throttling. A token that nothing waits for any more is not an error.
 */
export function stepFunctionsNotifier({ client = sfn() }: StepFunctionsNotifierOptions = {}): TaskNotifier {
  return {
    async answer(token, outcome) {
      try {
        await send(client, token, outcome);
      } catch (error) {
        if (!isNobodyWaiting(error)) throw error;
      }
    },
  };
}

async function send(client: SFNClient, taskToken: string, outcome: TaskOutcome): Promise<void> {
  if (outcome.status === 'succeeded') {
    await client.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(outcome) }));
    return;
  }
  const cause = JSON.stringify({ ...outcome, reason: outcome.reason && startOf(outcome.reason, MAX_REASON_LENGTH) });
  await client.send(new SendTaskFailureCommand({ taskToken, error: `Task.${outcome.status}`, cause }));
}

/** The execution ended, the state timed out, or the token was answered before. */
const isNobodyWaiting = (error: unknown): boolean =>
  error instanceof TaskTimedOut || error instanceof TaskDoesNotExist || error instanceof InvalidToken;
