import type { TaskStore } from '../ports/task-store.ts';
import type { TaskId } from '../tasks/task-id.ts';
import { isTerminal, type Task } from '../tasks/task.ts';
import { adopted, pledgeBefore } from './adopt.ts';
import { isFirstEpoch } from './epoch.ts';
import { isForgotten } from './forgotten.ts';
import { foundPledge, PLEDGE_MAJORITY, type PledgeAnswer, type PledgeRequest, type PledgeValue } from './pledge.ts';

/** A task as one epoch of its home wrote it. */
export interface TaskVersion {
  readonly epoch: number;
  readonly task: Task;
}

/** One region's replica of the global table. Each version is an item of its own, whose key carries the epoch. */
export interface TaskReplica {
  /** All versions of a task that have arrived here. */
  versions(id: TaskId): Promise<readonly TaskVersion[]>;
  /** Writes the version of an epoch, if what is stored under that epoch has the version before; none for `absent`. */
  write(version: TaskVersion, before: 'absent' | number): Promise<'written' | 'conflict'>;
}

/** The three plain tables of pledges. */
export interface PledgeTables {
  /** Asks all tables. Returns the answers of those that could be reached. */
  ask(id: TaskId, request: PledgeRequest): Promise<readonly PledgeAnswer[]>;
}

export interface HomedTasksPorts {
  readonly replica: TaskReplica;
  readonly pledges: PledgeTables;
  readonly now: () => number;
  /** Shared by all stores of a process. @default a new one */
  readonly memory?: HomeMemory;
}

/** The home was taken over, or two tables cannot be reached. Whoever works on the task stops. */
export class HomeLost extends Error {
  /** @param what what cannot be written: a task's id, or a key */
  constructor(what: string) {
    super(`${what} is worked on under a newer epoch of its home, or two of three regions cannot be reached.`);
    this.name = 'HomeLost';
  }
}

export type HomedTasks = Pick<TaskStore, 'create' | 'get' | 'replace'> & {
  /** The task under this epoch, adopted if an earlier one wrote it. Null when it does not exist. Throws `HomeLost`. */
  readonly adopt: (id: TaskId) => Promise<Task | null>;
  /** Pledges an acceptance, a limit or an end. It holds when this returns. Throws `HomeLost`. */
  readonly pledge: (id: TaskId, value: PledgeValue) => Promise<void>;
};

/**
 * What a process knows of the tasks that it works on, so that it neither asks nor pledges again. What is forgotten is asked
 * again.
 */
export class HomeMemory {
  readonly #known = new Map<TaskId, Known>();

  of(id: TaskId, epoch: number): Known {
    const known = this.#known.get(id);
    return known?.epoch === epoch ? known : { epoch, isAdopted: isFirstEpoch(epoch), pledged: 0, end: null };
  }

  note(id: TaskId, known: Known): void {
    this.#known.delete(id);
    this.#known.set(id, known);
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST_KNOWN && oldest !== undefined) this.#known.delete(oldest);
  }
}

const MOST_KNOWN = 10_000;

interface Known {
  readonly epoch: number;
  /** Whether the task is stored under this epoch. Under a first epoch there is nothing to adopt. */
  readonly isAdopted: boolean;
  /** The limit that two tables hold, in US dollars. */
  readonly pledged: number;
  /** The end that is stored, and that two tables hold, as JSON. */
  readonly end: string | null;
}

/** What reading, adopting and pledging under an epoch have in common. */
function under({ replica, pledges, now, memory }: Required<HomedTasksPorts>, epoch: number) {
  const newest = async (id: TaskId): Promise<TaskVersion | null> => {
    const versions = await replica.versions(id);
    return newestOf(versions.filter((each) => each.epoch >= epoch || !isForgotten(each.task, now())));
  };
  /** False if another end of the same version was first. */
  const pledge = async (id: TaskId, value: PledgeValue): Promise<boolean> => {
    const answers = await pledges.ask(id, { kind: 'write', epoch, value });
    if (hasRival(answers, epoch)) return false;
    grantsOf(answers, id);
    const known = memory.of(id, epoch);
    memory.note(id, { ...known, pledged: Math.max(known.pledged, value.mayHaveSpent) });
    return true;
  };
  /** Uses up a version whose end was pledged and may never be written, so that the next one decides. */
  const skipVersion = async ({ id, version }: Task): Promise<void> => {
    const stored = await newest(id);
    if (stored?.epoch !== epoch || stored.task.version !== version - 1) return;
    await replica.write({ epoch, task: { ...stored.task, version } }, version - 1);
  };
  const bar = async (id: TaskId): Promise<PledgeValue> => {
    const granted = grantsOf(await pledges.ask(id, { kind: 'bar', epoch }), id);
    return foundPledge(granted.map(({ pledge }) => pledge));
  };
  const adoption = async (task: Task): Promise<Task> => {
    const own = adopted(task, epoch, await bar(task.id), now());
    // It may be in one table only. Before it can be read, two have it under this epoch.
    const value = isTerminal(own.state) ? pledgeBefore(own, false, 0) : null;
    if (value) await pledge(task.id, value);
    return own;
  };
  const adopt = async (id: TaskId): Promise<TaskVersion | null> => {
    const stored = await newest(id);
    if (!stored || stored.epoch === epoch) return stored;
    if (stored.epoch > epoch) throw new HomeLost(id);
    await replica.write({ epoch, task: await adoption(stored.task) }, 'absent');
    return newest(id);
  };
  return { newest, pledge, skipVersion, adoption, adopt };
}

/**
 * The tasks of a home, as the region that holds it under `epoch` reads and writes them.
 * 1. An item has one writer for ever: a takeover writes a key with the new epoch, and never the old home's item.
 * 2. The newest epoch's version is the task. What arrives late under an older epoch changes nothing.
 * 3. The first write under a new epoch adopts the task, after it barred all earlier epochs.
 * 4. Before an end is written, two tables hold it, and before a call is reserved, they hold a limit above its cost. So
 *    whoever reads a stored end reads one that no takeover changes.
 */
export function homedTasks({ memory = new HomeMemory(), ...ports }: HomedTasksPorts, epoch: number): HomedTasks {
  const { replica } = ports;
  const { newest, pledge, skipVersion, adoption, adopt } = under({ ...ports, memory }, epoch);
  return {
    adopt: async (id) => (await adopt(id))?.task ?? null,
    get: async (id) => (await newest(id))?.task ?? null,
    async create(task) {
      // Under a first epoch nobody wrote it before, so the write itself finds out.
      const existing = isFirstEpoch(epoch) ? null : await newest(task.id);
      if (existing) return { created: false, task: existing.task };
      // An earlier epoch may have accepted the same key, and its task has not arrived yet.
      const first = isFirstEpoch(epoch) ? task : await adoption(task);
      const written = await replica.write({ epoch, task: first }, 'absent');
      if (written === 'written') return { created: true, task: first };
      const other = await newest(task.id);
      return { created: false, task: other?.task ?? first };
    },
    async replace(next) {
      const known = memory.of(next.id, epoch);
      if (!known.isAdopted) {
        const before = await newest(next.id);
        // An adoption writes a new version, on which the caller's rule is decided again.
        const stored = await adopt(next.id);
        if (stored?.epoch !== epoch) throw new HomeLost(next.id);
        memory.note(next.id, { ...known, isAdopted: true });
        if (before?.epoch !== epoch || stored.task.version !== next.version - 1) return 'conflict';
      }
      const value = pledgeBefore(next, isFirstEpoch(epoch), known.pledged);
      const end = value && endOf(value);
      if (value && (end === null || end !== known.end) && !(await pledge(next.id, value))) {
        await skipVersion(next);
        return 'conflict';
      }
      if ((await replica.write({ epoch, task: next }, next.version - 1)) !== 'written') return 'conflict';
      if (end !== null) memory.note(next.id, { ...memory.of(next.id, epoch), end });
      return 'replaced';
    },
    async pledge(id, value) {
      // Without an adoption it could write over what earlier epochs promised.
      if ((await newest(id))?.epoch !== epoch) throw new HomeLost(id);
      if (!(await pledge(id, value))) throw new HomeLost(id);
    },
  };
}

/**
 * What an acceptance survives. With `region`, a task that had not been replicated when its region was lost is lost with
 * it. With `global`, two regions have it before the caller is answered.
 */
export type Durability = 'region' | 'global';

/** Accepts a task at its home. It is accepted when this returns. Throws `HomeLost`. */
export async function acceptAtHome(
  store: HomedTasks,
  task: Task,
  durability: Durability,
): Promise<{ readonly created: boolean; readonly task: Task }> {
  const made = await store.create(task);
  const mine = made.created ? made.task : ((await store.adopt(task.id)) ?? made.task);
  if (durability === 'global' && !isTerminal(mine.state))
    await store.pledge(task.id, { mayHaveSpent: 0, accepted: task });
  return { created: made.created, task: mine };
}

/**
 * Whether a region should send its copy of a task to the one that holds the home now: a lost region may have replicated
 * the task to one of the others only, and nobody passes on what another region wrote.
 * @param heldEpoch the epoch under which the home is held
 * @param now milliseconds since the epoch
 */
export const isLeftBehind = ({ epoch, task }: TaskVersion, heldEpoch: number, now: number): boolean =>
  epoch < heldEpoch && !(isTerminal(task.state) && task.state.notified) && !isForgotten(task, now);

/** The version that counts. */
export const newestOf = (versions: readonly TaskVersion[]): TaskVersion | null =>
  versions.reduce<TaskVersion | null>((newest, one) => (newest && newest.epoch > one.epoch ? newest : one), null);

/** Whether tables that decide have another end of the same version. Too few answers say nothing. */
const hasRival = (answers: readonly PledgeAnswer[], epoch: number): boolean =>
  answers.length >= PLEDGE_MAJORITY &&
  answers.filter(({ granted }) => granted).length < PLEDGE_MAJORITY &&
  answers.some(({ granted, pledge }) => !granted && pledge.epoch === epoch && pledge.barred <= epoch);

const endOf = ({ end }: PledgeValue): string | null => (end === undefined ? null : JSON.stringify(end));

function grantsOf(answers: readonly PledgeAnswer[], id: TaskId): readonly PledgeAnswer[] {
  const granted = answers.filter((answer) => answer.granted);
  if (granted.length < PLEDGE_MAJORITY) throw new HomeLost(id);
  return granted;
}
