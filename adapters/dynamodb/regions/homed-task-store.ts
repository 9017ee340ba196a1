import type { TaskStore } from '#core/ports/task-store.ts';
import { CANARY, isCanary } from '#core/regions/canary.ts';
import type { RegionIndex } from '#core/regions/epoch.ts';
import { isForgotten } from '#core/regions/forgotten.ts';
import { homeOfTask } from '#core/regions/home.ts';
import {
  acceptAtHome,
  HomeLost,
  homedTasks,
  type HomedTasks,
  type HomeMemory,
  type TaskReplica,
  type TaskVersion,
} from '#core/regions/homed-tasks.ts';
import { UnreadableRecord } from '#core/stored/record.ts';
import type { TaskId } from '#core/tasks/task-id.ts';
import type { Task } from '#core/tasks/task.ts';
import { nameInIndexes } from '../../aws/regions.ts';
import { ABSENT, conditionalPut, writeVersion, type Table } from '../conditional-put.ts';
import { taskKey } from '../state-table.ts';
import { parseTask, taskItem } from '../task-item.ts';
import { holderToWrite, regionToRead } from './home-holders.ts';
import type { RegionParts } from './region-parts.ts';
import { itemAt, newestVersion, versionsOf } from './versions.ts';

/** What it takes to write the tasks of a home. */
export interface TasksOptions extends RegionParts {
  readonly memory: HomeMemory;
  readonly retentionDays: number;
  /** Milliseconds since the epoch. @default the system clock */
  readonly now?: () => number;
}

export interface HomedTaskStoreOptions extends TasksOptions {
  /** What a task store of one region does: steps, indexes, and tasks that belong to no home. */
  readonly base: TaskStore;
}

/**
 * A task store of a global fleet: each task is written only by the region that holds its home, as `homedTasks` has it.
 * Processes that forward read tasks where their home is held; others, and while that is not known, from their own replica. Throws `HomeLost`
 * for a write while nobody holds the home, or another region does and this process does not forward.
 */
export function homedTaskStore(options: HomedTaskStoreOptions): TaskStore {
  const { base, regions, now = Date.now } = options;
  const homeOf = (id: TaskId): RegionIndex => homeOfTask(id, regions.names);
  const held = async (id: TaskId): Promise<HomedTasks> => {
    const { holder, epoch } = await holderToWrite(options, homeOf(id), id);
    return tasksAt(options, holder, epoch);
  };
  const get = async (id: TaskId): Promise<Task | null> => {
    if (isCanary(id)) return base.get(id);
    const region = await regionToRead(options, homeOf(id));
    const newest = newestVersion(await readVersions(options, region, id));
    const task = newest && parseTask(newest.item);
    if (!newest || !task || !isForgotten(task, now())) return task;
    // In a fleet that rested for months, an open task of the epoch that holds the home is a task.
    const held = await options.holders.of(homeOf(id));
    return held === null || newest.epoch >= held.epoch ? task : null;
  };
  /** Its one writer is the region that it shows to work. */
  const requireOwn = (canary: TaskId): void => {
    if (homeOf(canary) !== regions.index) throw new HomeLost(canary);
  };
  return {
    ...base,
    get,
    async getMany(ids, onUnreadable) {
      const read = async (id: TaskId): Promise<readonly Task[]> => {
        try {
          const task = await get(id);
          return task ? [task] : [];
        } catch (error) {
          if (!(error instanceof UnreadableRecord)) throw error;
          onUnreadable?.(id);
          return [];
        }
      };
      return (await Promise.all([...new Set(ids)].map(read))).flat();
    },
    async create(task) {
      if (isCanary(task.id)) {
        requireOwn(task.id);
        return base.create(task);
      }
      return acceptAtHome(await held(task.id), task, task.durability ?? 'region');
    },
    async replace(next) {
      if (isCanary(next.id)) {
        requireOwn(next.id);
        return base.replace(next);
      }
      return (await held(next.id)).replace(next);
    },
  };
}

/** The tasks of a home, in the replica of the region that holds it. */
export function tasksAt(options: TasksOptions, holder: RegionIndex, epoch: number): HomedTasks {
  const { clients, memory, pledges, regions, retentionDays, now = Date.now } = options;
  const at: Table = { client: clients(holder), table: regions.stateTable };
  const replica: TaskReplica = {
    versions: (id) => tasksVersionsIn(options, holder, id),
    async write({ epoch: by, task }, before) {
      const item = itemAt(taskItem(task, retentionDays), by);
      const written =
        before === 'absent' ? await conditionalPut(at, item, ABSENT) : await writeVersion(at, item, task.version);
      return written === 'written' ? 'written' : 'conflict';
    },
  };
  return homedTasks({ replica, pledges, memory, now }, epoch);
}

/** All versions of a task that a region's replica has. */
export async function tasksVersionsIn(
  parts: Pick<RegionParts, 'clients' | 'regions'>,
  region: RegionIndex,
  id: TaskId,
): Promise<readonly TaskVersion[]> {
  const versions = await readVersions(parts, region, id);
  return versions.map(({ epoch, item }) => ({ epoch, task: parseTask(item) }));
}

function readVersions({ clients, regions }: Pick<RegionParts, 'clients' | 'regions'>, region: RegionIndex, id: TaskId) {
  const { pk, sk } = taskKey(id);
  return versionsOf(clients(region), regions.stateTable, pk, sk);
}

/**
 * The names of the homes whose tasks a process lists, as indexes carry them: those that its region holds, which are the ones
 * that it works on. The task API shows those of all regions. Canaries belong to their region.
 */
export async function homesToList({ regions, holders }: RegionParts, agent: string): Promise<readonly string[]> {
  if (agent === CANARY) return [nameInIndexes(regions, regions.index)];
  if (!regions.forwards) return homesHeld({ regions, holders });
  return regions.names.map((_, home) => nameInIndexes(regions, home));
}

/** The names of the homes that this region holds, as indexes carry them. */
export async function homesHeld({
  regions,
  holders,
}: Pick<RegionParts, 'regions' | 'holders'>): Promise<readonly string[]> {
  const held = await holders.heldHere();
  return held.map(({ home }) => nameInIndexes(regions, home));
}
