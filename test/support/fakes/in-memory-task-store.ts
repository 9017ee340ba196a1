import { costOf } from '#core/tasks/cost.ts';
import type { FinishedTask, TaskListing, TaskStore } from '#core/ports/task-store.ts';
import { stepSchema, type Step } from '#core/tasks/step.ts';
import type { TaskId } from '#core/tasks/task-id.ts';
import { attentionAt, isDeadLetter, isTerminal, taskSchema, waitsForBatch, type Task } from '#core/tasks/task.ts';

export interface InMemoryTaskStore extends TaskStore {
  /** Every task as it stands, in the order of their creation. */
  all(): readonly Task[];
}

/**
 * Tasks in memory, with the guarantees of the table: one conditional write of one item at a time.
 * Honours: copies in and out (nothing is shared with the caller), JSON's view of values, conditions judged when the
 * call is made. Does not honour: size limits, indexes that trail, expiry, throttling.
 * @param agents whose tasks `overdue` looks through; all when left out
 */
export function inMemoryTaskStore(agents?: readonly string[]): InMemoryTaskStore {
  const tasks = new Map<TaskId, Task>();
  const steps = new Map<string, Step>();
  const read = (id: TaskId): Task | null => {
    const task = tasks.get(id);
    return task ? taskSchema.parse(plain(task)) : null;
  };
  return {
    all: () => [...tasks.keys()].flatMap((id) => read(id) ?? []),
    get: async (id) => read(id),
    getMany: async (ids) => [...new Set(ids)].flatMap((id) => read(id) ?? []),
    async create(task) {
      const existing = read(task.id);
      if (existing) return { created: false, task: existing };
      tasks.set(task.id, plain(task));
      return { created: true, task };
    },
    async replace(next) {
      if (tasks.get(next.id)?.version !== next.version - 1) return 'conflict';
      tasks.set(next.id, plain(next));
      return 'replaced';
    },
    async putStep(step) {
      const key = `${step.taskId}/${step.index}/${step.epoch}`;
      if (!steps.has(key)) steps.set(key, plain(step));
    },
    async steps(id) {
      const own = [...steps.values()].filter(({ taskId }) => taskId === id);
      return own.map((step) => stepSchema.parse(plain(step))).sort((a, b) => a.index - b.index || a.epoch - b.epoch);
    },
    async *overdue(now) {
      const due = [...tasks.values()].filter((task) => (agents?.includes(task.agent) ?? true) && isDue(task, now));
      for (const { id } of due) yield id;
    },
    async *unfinished(agent) {
      yield* [...tasks.values()]
        .filter((task) => task.agent === agent && attentionAt(task) !== null)
        .map(({ id }) => id);
    },
    async *waitingForBatch(agent) {
      const waiting = [...tasks.values()].filter((task) => task.agent === agent && waitsForBatch(task));
      yield* waiting.sort((a, b) => a.deadline - b.deadline).map(({ id }) => id);
    },
    async *finishedInRun(runId, since) {
      yield* [...tasks.values()]
        .filter((task) => task.runId === runId)
        .flatMap(finished)
        .filter(({ finishedAt }) => finishedAt > since)
        .sort((a, b) => a.finishedAt - b.finishedAt);
    },
    async *deadLetters(agent, before = Infinity) {
      const dead = [...tasks.values()].filter(
        (task) => task.agent === agent && isDeadLetter(task) && attentionAt(task) === null,
      );
      const endOf = ({ state }: Task): number => (isTerminal(state) ? state.finishedAt : 0);
      const listed = dead.filter((task) => endOf(task) < before);
      yield* listed.sort((a, b) => endOf(b) - endOf(a)).map(({ id }) => id);
    },
    async *list(listing) {
      yield* [...tasks.values()]
        .filter((task) => isListed(task, listing))
        .sort((a, b) => (listSort(a) < listSort(b) ? 1 : -1))
        .map(({ id, createdAt }) => ({ id, createdAt }));
    },
  };
}

const listSort = ({ createdAt, id }: Pick<Task, 'createdAt' | 'id'>): string =>
  `${String(createdAt).padStart(15, '0')}#${id}`;

function isListed(
  task: Task,
  { tenant, from = 0, to = Infinity, after, agent, sessionId, runId }: TaskListing,
): boolean {
  if (task.tenant !== tenant || task.createdAt < from || task.createdAt >= to) return false;
  if (after && listSort(task) >= listSort(after)) return false;
  const wanted = { agent, sessionId, runId };
  return (['agent', 'sessionId', 'runId'] as const).every((key) => (wanted[key] ?? task[key]) === task[key]);
}

/** A value as it comes back from JSON: what every real store gives. */
const plain = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value)) as Value;

function isDue(task: Task, now: number): boolean {
  const at = attentionAt(task);
  return at !== null && at <= now;
}

function finished(task: Task): FinishedTask[] {
  const { id, state } = task;
  return isTerminal(state) ? [{ id, status: state.status, finishedAt: state.finishedAt, ...costOf(task) }] : [];
}
