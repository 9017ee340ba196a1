import { nameInIndexes } from '#adapters/aws/regions.ts';
import { tasksAt, tasksVersionsIn } from '#adapters/dynamodb/regions/homed-task-store.ts';
import type { HomeHolder } from '#adapters/dynamodb/regions/home-holders.ts';
import type { SharedRegionParts } from '#adapters/dynamodb/regions/region-parts.ts';
import { tasksToAdopt } from '#adapters/dynamodb/regions/tasks-to-adopt.ts';
import { inParallel } from '#core/concurrency/in-parallel.ts';
import type { TaskQueue } from '#core/ports/task-queue.ts';
import type { RegionIndex } from '#core/regions/epoch.ts';
import { TASK_KEPT_DAYS } from '#core/regions/forgotten.ts';
import { isLeftBehind, newestOf, type HomedTasks, type TaskVersion } from '#core/regions/homed-tasks.ts';
import type { TaskId } from '#core/tasks/task-id.ts';
import { taskSchema } from '#core/tasks/task.ts';

export interface TakeOverParts extends SharedRegionParts {
  readonly queue: Pick<TaskQueue, 'send'>;
  readonly agents: readonly string[];
  /**
   * Tasks that this process has adopted or sent, or found to be with the home's holder, with the epoch. They are not looked at
   * again, although what an earlier epoch wrote is still in the index.
   */
  readonly settled: Map<TaskId, number>;
}

const AT_ONCE = 20;

/**
 * Adopts the tasks of a home that this region holds under a later epoch, and sends their messages to this region's queues.
 * Returns their number. Throws `HomeLost`, and for a task that cannot be read after all others were adopted.
 */
export async function takeOver(parts: TakeOverParts, home: RegionIndex, epoch: number): Promise<number> {
  const { regions, clients, agents, queue } = parts;
  const at = { client: clients(regions.index), table: regions.stateTable };
  const name = nameInIndexes(regions, home);
  const tasks = tasksAt({ ...parts, retentionDays: TASK_KEPT_DAYS }, regions.index, epoch);
  // What an earlier epoch wrote stays in the index, also when the task has ended under this one.
  const left = (await tasksToAdopt(at, agents, name, epoch)).filter((id) => parts.settled.get(id) !== epoch);
  const adopted = await forEach(left, async (id) => {
    const isNew = ((await newestHere(parts, id))?.epoch ?? -1) < epoch;
    const task = isNew ? await tasks.adopt(id) : null;
    if (task) await queue.send(task);
    parts.settled.set(id, epoch);
    return task !== null;
  });
  return adopted + (await makeAccepted(parts, home, tasks));
}

/** Makes the tasks that were accepted to survive their region, and of which this region's replica has nothing. */
async function makeAccepted(parts: TakeOverParts, home: RegionIndex, tasks: HomedTasks): Promise<number> {
  const { regions, pledges, queue } = parts;
  const ids = new Set<TaskId>();
  for (const table of regions.all.keys()) {
    try {
      for await (const id of pledges.accepted(table, regions.names[home] ?? '')) ids.add(id);
    } catch {
      // The lost region's table. Each pledge is in one of the two others.
    }
  }
  return forEach([...ids], async (id) => {
    if (await tasks.get(id)) return false;
    const { created, task } = await tasks.create(taskSchema.parse(await pledges.acceptance(id)));
    if (created) await queue.send(task);
    return created;
  });
}

/**
 * Sends the tasks that a lost home left in this region to the one that holds it now: the lost region may have replicated
 * them to this region only, and nobody passes on what another region wrote. Returns their number.
 */
export async function sendLeftBehind(
  parts: TakeOverParts,
  { home, holder, epoch }: HomeHolder & { home: RegionIndex },
) {
  const { regions, clients, agents } = parts;
  const here = { client: clients(regions.index), table: regions.stateTable };
  const name = nameInIndexes(regions, home);
  const tasks = tasksAt({ ...parts, retentionDays: TASK_KEPT_DAYS }, holder, epoch);
  const left = (await tasksToAdopt(here, agents, name, epoch)).filter((id) => parts.settled.get(id) !== epoch);
  return forEach(left, async (id) => {
    const there = (await tasks.get(id)) !== null;
    const newest = there ? null : await newestHere(parts, id);
    const isMissing = newest !== null && isLeftBehind(newest, epoch, Date.now());
    const sent = isMissing && (await tasks.create(newest.task)).created;
    parts.settled.set(id, epoch);
    return sent;
  });
}

const newestHere = async (parts: TakeOverParts, id: TaskId): Promise<TaskVersion | null> =>
  newestOf(await tasksVersionsIn(parts, parts.regions.index, id));

/** Does something for each id, a few at once. Returns how often it did. Throws after the last one if some failed. */
async function forEach(ids: readonly TaskId[], act: (id: TaskId) => Promise<boolean>): Promise<number> {
  const failures: unknown[] = [];
  const noting = (id: TaskId): Promise<boolean> =>
    act(id).catch((error: unknown) => {
      failures.push(error);
      return false;
    });
  const acted = await inParallel(ids, noting, AT_ONCE);
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} tasks could not be taken over.`);
  return acted.filter(Boolean).length;
}
