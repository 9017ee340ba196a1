import { canonicalJson } from '#core/agents/definition.ts';
import { outcomeOf } from '#core/ending/notify.ts';
import type { TaskStore } from '#core/ports/task-store.ts';
import type { Item } from '#core/runs/item.ts';
import type { TaskId } from '#core/tasks/task-id.ts';
import { isTerminal, type Task } from '#core/tasks/task.ts';
import type { ResultRow } from './result-files.ts';
import { tasksOf } from './run-results.ts';

/** The finished tasks of a run, by the id of their item, in the order in which they were created. */
export type FinishedItems = ReadonlyMap<string, readonly TaskId[]>;

const TASKS_AT_ONCE = 500;

/**
 * Finds the finished tasks of a run, for a map that wrote no results. Only their ids are kept, so that a run of 100,000
 * items fits into memory. What another run had finished before is not among them: such an item is not reached here, and
 * costs nothing when the run is started again.
 */
export async function finishedItems(
  store: Pick<TaskStore, 'getMany' | 'finishedInRun'>,
  run: { readonly id: string; readonly tenant?: string | undefined },
): Promise<FinishedItems> {
  const found = new Map<string, { readonly id: TaskId; readonly createdAt: number }[]>();
  let portion: { taskId: TaskId }[] = [];
  const look = async () => {
    for (const task of (await tasksOf(store, portion)).values()) {
      const itemId = itemOf(task)?.id;
      if (itemId === undefined || (run.tenant !== undefined && task.tenant !== run.tenant)) continue;
      const tasks = found.get(itemId) ?? [];
      tasks.push({ id: task.id, createdAt: task.createdAt });
      found.set(itemId, tasks);
    }
    portion = [];
  };
  for await (const { id } of store.finishedInRun(run.id, 0)) {
    if (portion.push({ taskId: id }) === TASKS_AT_ONCE) await look();
  }
  await look();
  return new Map(
    [...found].map(([itemId, tasks]) => [
      itemId,
      tasks.toSorted((a, b) => a.createdAt - b.createdAt).map(({ id }) => id),
    ]),
  );
}

/** The first stage's input is the item, each later one's is `{ item, previous }`. */
function itemOf({ input }: Task): (Item & object) | undefined {
  if (isItem(input)) return input;
  const inner: unknown = typeof input === 'object' && input !== null && 'item' in input ? input.item : undefined;
  return isItem(inner) ? inner : undefined;
}

const isItem = (value: unknown): value is Item =>
  typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string';

/**
 * How far an item came in a map that wrote no results. Undefined: none of its tasks finished.
 * @param agents those of the map's stages. Without them no item counts as finished
 */
export function rowOfTasks(
  item: Item,
  tasks: readonly Task[],
  agents: readonly string[] | undefined,
): ResultRow | undefined {
  const text = canonicalJson(item);
  // Items of the map before the barrier may have the same ids.
  const own = tasks.filter(
    (task) => (agents?.includes(task.agent) ?? true) && canonicalJson(itemOf(task) ?? null) === text,
  );
  const last = own.at(-1);
  if (last === undefined || !isTerminal(last.state)) return undefined;
  const ids = own.map(({ id }) => id);
  const at = { key: item.id, stage: last.agent, taskId: last.id };
  if (last.state.status !== 'succeeded')
    return {
      ...at,
      status: last.state.status,
      tasks: ids.slice(0, -1),
      reason: outcomeOf(last, last.state).reason ?? null,
    };
  if (last.agent === agents?.at(-1)) return { ...at, status: 'succeeded', tasks: ids, reason: null };
  return {
    ...at,
    status: 'not-reached',
    tasks: ids,
    reason: `The run ended after the stage ${last.agent}. Start the run again.`,
  };
}
