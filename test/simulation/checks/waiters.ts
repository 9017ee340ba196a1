import type { CallbackMessage } from '#core/callbacks/event.ts';
import type { TaskOutcome } from '#core/ports/notifier.ts';
import type { Actor } from '../world/actor.ts';
import { isTerminal, same, type Answers, type History, type TaskWrite } from './history.ts';
import { expectThat } from './violation.ts';

/** Which request each object's token belongs to. */
export type Requests = ReadonlyMap<string, { readonly id: string; readonly retry: number }>;

/**
 * I6: waiters are told at least once, with a stable id to deduplicate by.
 * - I6.1 A waiter is told only after the end was written, and what was written.
 * - I6.2 "Everybody was told" is noted only once everybody was.
 * - I6.3 All that a token hears carries the same id. (A dead letter that never became a task has an id of its own,
 *   and only the burial may send it.)
 *   A callback is the same each time, since its receiver gets one of many.
 * - I6.4 A request that joined no task is not told of a failure that was an earlier request's: it is tried anew (I10).
 * That each is told is the business of the liveness checks.
 */
export function checkAnswer(
  history: History | undefined,
  token: string,
  outcome: TaskOutcome,
  by: Actor,
  { answers, requests }: { readonly answers: Answers; readonly requests: Requests },
): void {
  if (!history) {
    expectThat(
      by.role === 'burial',
      'I6.1',
      () => `${by.name} answered ${token} for ${outcome.taskId}, which is no task`,
    );
    return;
  }
  const { state } = history.task;
  expectThat(
    isTerminal(state) && state.status === outcome.status,
    'I6.1',
    () => `${token} was told "${outcome.status}" while the task is ${state.status}`,
  );
  const asked = requests.get(token);
  const joined = history.task.waiters.includes(token);
  if (asked && !joined && (outcome.status === 'failed' || outcome.status === 'cancelled')) {
    const made = history.task.request;
    expectThat(
      made?.id === asked.id && made.retry >= asked.retry,
      'I6.4',
      () => `${token} of request ${asked.id} was told how ${made?.id} failed`,
    );
  }
  const heard = answers.get(token)?.find(({ id }) => !id.endsWith('/dead-letter'));
  expectThat(
    outcome.id === `${history.id}/end` && (!heard || heard.id === outcome.id),
    'I6.3',
    () => `${token} was told ${outcome.id}, after ${heard?.id ?? 'nothing'}`,
  );
}

export function checkCallback(history: History | undefined, callback: CallbackMessage, by: Actor): void {
  const { event, url } = callback;
  const state = history?.task.state;
  expectThat(
    state !== undefined && isTerminal(state) && state.status === event.data.status,
    'I6.1',
    () => `${by.name} tells ${url} "${event.data.status}" while the task is ${state?.status ?? 'none'}`,
  );
  expectThat(
    url === history?.task.callback?.url && (!history.callback || same(history.callback, callback)),
    'I6.3',
    () => `${url} is told ${JSON.stringify(event)}, after ${JSON.stringify(history?.callback)}`,
  );
}

export function checkNotified({ history, before, after }: TaskWrite, answers: Answers): void {
  const told = 'notified' in after.state && after.state.notified;
  if (!told || ('notified' in before.state && before.state.notified)) return;
  const untold = after.waiters.filter((token) => !answers.has(token));
  if (after.callback && !history.callback) untold.push(after.callback.url);
  expectThat(untold.length === 0, 'I6.2', () => `noted as told, but ${untold.join(', ')} heard nothing`);
}
