import type { TaskOutcome } from '../../../core/ports/notifier.ts';
import type { Actor } from '../world/actor.ts';
import { isTerminal, type Answers, type History, type TaskWrite } from './history.ts';
import { expectThat } from './violation.ts';

/**
 * I6: waiters are told at least once, with a stable id to deduplicate by.
 * - I6.1 A waiter is told only after the end was written, and what was written.
 * - I6.2 "Everybody was told" is noted only once everybody was.
 * - I6.3 All that a token hears carries the same id. (A dead letter that never became a task has an id of its own,
 *   and only the burial may send it.)
 * That each is told is the business of the liveness checks.
 */
export function checkAnswer(
  history: History | undefined,
  token: string,
  outcome: TaskOutcome,
  by: Actor,
  answers: Answers,
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
  const heard = answers.get(token)?.find(({ id }) => !id.endsWith('/dead-letter'));
  expectThat(
    outcome.id === `${history.id}/end` && (!heard || heard.id === outcome.id),
    'I6.3',
    () => `${token} was told ${outcome.id}, after ${heard?.id ?? 'nothing'}`,
  );
}

export function checkNotified({ before, after }: TaskWrite, answers: Answers): void {
  const told = 'notified' in after.state && after.state.notified;
  if (!told || ('notified' in before.state && before.state.notified)) return;
  const untold = after.waiters.filter((token) => !answers.has(token));
  expectThat(untold.length === 0, 'I6.2', () => `noted as told, but ${untold.join(', ')} heard nothing`);
}
