import type { WorkMessage } from '#core/tasks/work-message.ts';
import type { Task } from '#core/tasks/task.ts';
import type { Actor } from '../world/actor.ts';
import {
  isAtRest,
  isTerminal,
  waitsToBeFreed,
  worksOnBatches,
  type Answers,
  type History,
  type TaskWrite,
} from './history.ts';
import { expectThat } from './violation.ts';

/**
 * I9: no message ends nowhere.
 * - I9.1 A worker lets a message go only when nothing depends on it: since it was received, its task was at rest
 *   (parked, or ended and everybody told), and an object's token is known to its task or answered. Who parked it has
 *   sent its wake-up, unless it waits longer than a message can, or to be freed by somebody.
 *   Where clocks are wrong, a lease may look longer than leases are: then the sweeper looks after the task.
 * - I9.2 The burial of a dead letter ends its task and tells its waiters, unless the task is leased, waits for its
 *   time or has moved on meanwhile; an object's token is answered.
 * - I9.3 That a task was sent anew is noted only after it was.
 * - I9.4 The messages of a task do not multiply, however often one is delivered twice: one that finds it parked is let go.
 * - I9.5 Nor do they multiply while nobody takes them: healthy sweepers send a task that waits anew less and less often,
 *   in the long run at most twice an hour.
 */
export function checkLetGo(history: History | undefined, message: WorkMessage, by: Actor, answers: Answers): void {
  if (!history) {
    expectThat(message.type === 'task', 'I9.1', () => 'an object’s message was let go, and no task knows its token');
    return;
  }
  expectThat(
    isAtRest(history.task) || history.restedAt >= by.since || clocksDiffer(history, by),
    'I9.1',
    () => `${by.name} let the message of ${history.alias} go, which is ${history.task.state.status}`,
  );
  const { state } = history.task;
  // By its clock when it parked the task. Its machine may have paused since it decided whether to send.
  const soon = state.status === 'parked' && !waitsToBeFreed(state) && state.until - history.parkedAt <= MAX_DELAY_MS;
  expectThat(
    !soon || history.parkedBy !== by || by.sent.has(history.id) || by.machine.jumped,
    'I9.1',
    () => `${by.name} parked ${history.alias} and let its message go, without sending the one that wakes it`,
  );
  if (message.type === 'task') return;
  const { taskToken } = message;
  expectThat(
    answers.has(taskToken) || history.task.waiters.includes(taskToken),
    'I9.1',
    () => `${by.name} let the message of ${taskToken} go, whom nobody will answer`,
  );
}

/** SQS delays a message by at most 15 minutes. */
const MAX_DELAY_MS = 900_000;
/** Well above what clocks that are right differ by. */
const EARLY_MS = 5_000;

export function checkKept({ task: { state }, alias, writtenAt }: History, by: Actor): void {
  if (state.status !== 'parked' || writtenAt >= by.since || by.machine.jumped) return;
  const early = state.until - by.latest;
  expectThat(
    early <= EARLY_MS,
    'I9.4',
    () => `${by.name} keeps a message of ${alias}, which is parked for ${early} ms more`,
  );
}

const clocksDiffer = ({ claims }: History, by: Actor): boolean =>
  by.machine.jumped || [...claims.values()].some(({ machine }) => machine.jumped);

export function checkBuried(history: History | undefined, message: WorkMessage, by: Actor, answers: Answers): void {
  if (message.type === 'object') {
    expectThat(
      answers.has(message.taskToken),
      'I9.2',
      () => `a dead letter left ${message.taskToken} without an answer`,
    );
    return;
  }
  if (!history) return;
  const { state } = history.task;
  const told = isTerminal(state) ? isAtRest(history.task) : state.status !== 'queued';
  expectThat(told || history.writtenAt >= by.since, 'I9.2', () => `a dead letter left its task ${state.status}`);
}

export function checkRequeue(write: TaskWrite): void {
  const { before, after, by, history } = write;
  // Settled in a batch, it is queued first: what is not sent then is the sweeper's.
  if (worksOnBatches(write)) return;
  if (after.epoch !== before.epoch || !(after.state.status === 'queued' || notes(after) > notes(before))) return;
  if (before.state.status === 'queued' && after.state.status === 'queued' && before.state.since === after.state.since)
    return;
  expectThat(by.sent.has(history.id), 'I9.3', () => `${by.name} noted a message that it had not sent`);
}

/** Far more than duplicates alone can bring about: the most seen in 20,000 seeds is 20. */
const MAX_MESSAGES = 40;

export function checkPopulation(alias: string, count: number): void {
  expectThat(count <= MAX_MESSAGES, 'I9.4', () => `${count} messages of ${alias} are under way`);
}

const notes = ({ state }: Task): number => (state.status === 'running' ? (state.resent?.times ?? 0) : 0);

/** @param resent when healthy sweepers sent it since anybody else wrote the task, in simulated milliseconds */
export function checkResent(alias: string, resent: History['resent']): void {
  const minutes = ((resent.at(-1)?.at ?? 0) - (resent[0]?.at ?? 0)) / 60_000;
  const most = 4 + Math.log2(1 + minutes) + minutes / 30;
  expectThat(
    resent.length <= most,
    'I9.5',
    () => `${alias} was sent anew ${resent.length} times in ${Math.round(minutes)} min in which nobody took it`,
  );
}
