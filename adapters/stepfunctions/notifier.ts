import {
  InvalidToken,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  TaskDoesNotExist,
  TaskTimedOut,
  type SFNClient,
} from '@aws-sdk/client-sfn';
import { NO_TASK, type TaskNotifier, type TaskOutcome } from '#core/ports/notifier.ts';
import type { RegionIndex } from '#core/regions/epoch.ts';
import { homeOfTask } from '#core/regions/home.ts';
import { startOf } from '#core/text/text.ts';
import { isAway } from '../aws/is-away.ts';
import { regionsHere, type Regions } from '../aws/regions.ts';
import { sfn, sfnIn } from './client.ts';

/**
 * Longest reason that is sent, in characters. A `cause` holds 32,768, and JSON may encode a character in six. The full
 * reason is in the task.
 */
const MAX_REASON_LENGTH = 4_000;

export interface StepFunctionsNotifierOptions {
  /** @default the process's shared client */
  readonly client?: SFNClient;
  /** The regions of a global fleet. @default those of the process, unless it is given a client */
  readonly regions?: Regions | null;
  /** The client of another region, by AWS's name of it. @default one that does not wait long */
  readonly clientIn?: (region: string) => SFNClient;
  /** Milliseconds since the epoch. @default the system clock */
  readonly now?: () => number;
}

/** A region that did not take an answer is not asked again for so long. */
const AWAY_MS = 30_000;

/**
 * Reports outcomes to task tokens: success with the outcome as output, anything else as the error `Task.<status>` with
 * the outcome as its cause. The SDK retries throttling. A token that nothing waits for any more is not an error.
 *
 * A token belongs to the state machine of a region: that of the run which made the task, whose home the task has. When the
 * task was taken over, its answer goes there, and is kept for later while that region is away. Any other error, such as of a
 * permission, is thrown, and the sweeper tries again.
 */
export function stepFunctionsNotifier(options: StepFunctionsNotifierOptions = {}): TaskNotifier {
  const { client = sfn(), regions = options.client ? null : regionsHere(), clientIn = sfnIn, now = Date.now } = options;
  const clients = new Map<RegionIndex, SFNClient>();
  const awayUntil = new Map<RegionIndex, number>();
  const answerElsewhere = async (home: RegionIndex, region: string, token: string, outcome: TaskOutcome) => {
    if (now() < (awayUntil.get(home) ?? 0)) return 'later';
    const there = clients.get(home) ?? clientIn(region);
    clients.set(home, there);
    try {
      await send(there, token, outcome);
      return 'answered';
    } catch (error) {
      if (!isAway(error)) throw error;
      awayUntil.set(home, now() + AWAY_MS);
      return 'later';
    }
  };
  return {
    async answer(token, outcome) {
      const home = regions && outcome.taskId !== NO_TASK ? homeOfTask(outcome.taskId, regions.names) : null;
      const region = home === null || home === regions?.index ? undefined : regions?.all[home]?.region;
      if (home !== null && region !== undefined) return answerElsewhere(home, region, token, outcome);
      await send(client, token, outcome);
      return 'answered';
    },
  };
}

async function send(client: SFNClient, taskToken: string, outcome: TaskOutcome): Promise<void> {
  try {
    await sendTo(client, taskToken, outcome);
  } catch (error) {
    if (!isNobodyWaiting(error)) throw error;
  }
}

async function sendTo(client: SFNClient, taskToken: string, outcome: TaskOutcome): Promise<void> {
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
