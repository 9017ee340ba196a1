import { acceptedSchema, type TaskView } from '#core/api/tasks/messages.ts';
import { taskOperations } from '#core/api/tasks/operations.ts';
import { quoted } from '#core/waiting/commands.ts';
import type { ApiContext } from '../api/api-command.ts';
import { newKeyFor } from '../api/new-key.ts';
import { watchInterruption } from '../interruption.ts';
import { FleetLost } from '../lost-fleet.ts';
import { printable } from '../terminal/printable.ts';
import { Interrupted, UserError } from '../user-error.ts';
import { submissionFrom } from './submission.ts';
import { followTask } from './wait.ts';
import { sayWhyQueued } from './why-queued.ts';
import { outputText, stateWords } from './words.ts';

export interface SubmitArguments {
  readonly agent: string;
  readonly instruction: string | undefined;
  readonly options: { readonly wait?: boolean };
}

/** Short, so that the user soon sees why a task waits. */
const WAIT_SECONDS = 2;

/** `fleet submit`: submits a task with an idempotency key, so that a lost response creates no second task. */
export async function submitCommand(context: ApiContext, { agent, instruction, options }: SubmitArguments) {
  const { body, sessionId, ...given } = submissionFrom(agent, instruction, options);
  const { idempotencyKey = newKeyFor(context.target, sessionId) } = given;
  const again = `Repeat the command with --idempotency-key ${quoted(idempotencyKey)}: that creates no second task.`;
  const request = { body, idempotencyKey, again };
  const accepted = await context.api.call(taskOperations.submitTask, acceptedSchema, request);
  if (options.wait === true) return printEnd(context, accepted.id);
  if (context.json) return context.output.json(accepted);
  context.output.line(`Accepted: ${accepted.id}`);
  context.output.line(`Follow it: npm run fleet -- watch ${accepted.id}`);
}

async function printEnd(context: ApiContext, id: string): Promise<void> {
  const { api, notes, output, json } = context;
  notes.line(`Accepted: ${id}`);
  const task = await untilInterrupted([id], (signal) =>
    followTask(api, id, {
      signal,
      seconds: WAIT_SECONDS,
      onSame: sayWhyQueued(api, notes),
      onChange: (now) => notes.progress(printable(stateWords(now))),
    }),
  );
  notes.progress('');
  if (json) output.json(task);
  else if (task.status === 'succeeded') output.line(printable(outputText(task.output)));
  requireSuccess([task]);
}

/** Ctrl-C stops waiting; the tasks continue. */
export async function untilInterrupted<Done>(
  ids: readonly string[],
  act: (signal: AbortSignal) => Promise<Done>,
): Promise<Done> {
  const { signal } = watchInterruption();
  try {
    return await act(signal);
  } catch (error) {
    const again = `npm run fleet -- watch ${ids.join(' ')}`;
    if (!signal.aborted)
      throw error instanceof FleetLost
        ? error.goingOnWith(`Accepted tasks are not lost. Watch again: ${again}`)
        : error;
    const those = ids.length === 1 ? 'The task continues' : 'The tasks continue';
    throw new Interrupted(`Interrupted. ${those}.`, `Watch again: ${again}`);
  }
}

const isRetryable = ({ status }: TaskView): boolean => status === 'failed' || status === 'cancelled';

/** Throws a `UserError` unless all tasks succeeded, for the exit code. */
export function requireSuccess(tasks: readonly TaskView[]): void {
  const others = tasks.filter(({ status }) => status !== 'succeeded');
  const [first] = others;
  if (first === undefined) return;
  const more = others.length > 1 ? ` ${others.length - 1} more did not succeed either.` : '';
  throw new UserError(
    `${first.id} ${printable(stateWords(first))}.${more}`,
    `What it did: npm run fleet -- task ${first.id} --steps${isRetryable(first) ? `; again: npm run fleet -- retry ${first.id}` : ''}`,
  );
}
