import type { Clock } from '../ports/clock.ts';
import type { SessionStore } from '../ports/session-store.ts';
import type { TaskStore } from '../ports/task-store.ts';
import { headOf } from '../sessions/session.ts';
import { unlessUnreadable } from '../stored/record.ts';
import { causeOf } from '../tasks/park-cause.ts';
import { readUnfinished } from '../tasks/read-unfinished.ts';
import type { TaskId } from '../tasks/task-id.ts';
import { isTerminal, type ParkedState, type Task } from '../tasks/task.ts';

export interface GaugePorts {
  readonly store: Pick<TaskStore, 'unfinished' | 'getMany' | 'get'>;
  readonly sessions: Pick<SessionStore, 'get'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** What a pool's tasks do at a moment. Exact up to 1,000 tasks. */
export interface PoolGauges {
  readonly running: number;
  readonly queued: number;
  /** Parked tasks by cause. */
  readonly waiting: Readonly<Record<string, number>>;
  /** Tasks that no worker takes although none of the pool's tasks is running. 0 if the pool has more than 1,000 tasks. */
  readonly unclaimed: number;
  /** Sessions whose tasks wait although nobody works on the first one. */
  readonly stuck: readonly StuckSession[];
}

export interface StuckSession {
  readonly tenant: string;
  readonly sessionId: string;
  /** The task whose turn it is; undefined if the session has lost it. */
  readonly head: TaskId | undefined;
}

/** Sessions that are looked at for one measurement. */
const MAX_SESSIONS = 20;
/** A worker takes a task within seconds, unless all are busy. */
const PATIENCE_MS = 30_000;
/** The message of a worker that died is delivered again as soon as its lease ends. */
const HANDOVER_MS = 10_000;
/** A task of a session waits for its turn this long at most before somebody should look. */
const TURN_MS = 900_000;

/** Measures the tasks of a pool, of all tenants. Reads up to 1,000 tasks. */
export async function gaugePool(ports: GaugePorts, agent: string): Promise<PoolGauges> {
  const now = ports.clock.now();
  const { tasks, complete } = await unfinished(ports, agent);
  const running = tasks.filter((task) => isWorkedOn(task, now)).length;
  const queued = tasks.filter(({ state }) => state.status === 'queued').length;
  const waiting: Record<string, number> = {};
  for (const { state } of tasks) {
    if (state.status === 'parked') waiting[causeOf(state)] = (waiting[causeOf(state)] ?? 0) + 1;
  }
  // Running tasks may be among those that were not read. The age of the queue's oldest message has an alarm of its own.
  const unclaimed = running > 0 || !complete ? 0 : tasks.filter((task) => isLeftAlone(task, now)).length;
  return { running, queued, waiting, unclaimed, stuck: await stuckSessions(ports, tasks, now) };
}

/** What is kept of a task. Whole ones would take too much memory. */
type Seen = Pick<Task, 'id' | 'tenant' | 'sessionId' | 'state'>;

interface Unfinished {
  readonly tasks: readonly Seen[];
  /** False if the pool has more tasks than were read. */
  readonly complete: boolean;
}

async function unfinished({ store }: GaugePorts, agent: string): Promise<Unfinished> {
  const tasks: Seen[] = [];
  const complete = await readUnfinished(store, agent, ({ id, tenant, sessionId, state }) => {
    // One that has just ended has its output in its state.
    if (!isTerminal(state)) tasks.push({ id, tenant, sessionId, state });
  });
  return { tasks, complete };
}

const isWorkedOn = ({ state }: Pick<Task, 'state'>, now: number): boolean =>
  state.status === 'running' && state.leaseUntil > now;

/** A task that a worker should have taken: it is queued, or its worker has died. */
function isLeftAlone({ state }: Pick<Task, 'state'>, now: number): boolean {
  if (state.status === 'running') return state.leaseUntil + HANDOVER_MS <= now;
  return state.status === 'queued' && ((state.resends ?? 0) > 0 || state.since + PATIENCE_MS <= now);
}

type InSession = Seen & { readonly sessionId: string; readonly state: ParkedState };

async function stuckSessions(ports: GaugePorts, tasks: readonly Seen[], now: number): Promise<readonly StuckSession[]> {
  const longest = new Map<string, InSession>();
  for (const task of tasks) {
    if (!waitsForTurn(task)) continue;
    const key = `${task.tenant} ${task.sessionId}`;
    const other = longest.get(key);
    if (other === undefined || task.state.until < other.state.until) longest.set(key, task);
  }
  const stuck: StuckSession[] = [];
  for (const task of [...longest.values()].slice(0, MAX_SESSIONS)) {
    const found = await unlessUnreadable(headIfStuck(ports, task, now), null);
    if (found) stuck.push(found);
  }
  return stuck;
}

/** Its `until` is the time since when it has waited. */
const waitsForTurn = (task: Seen): task is InSession =>
  task.sessionId !== undefined && task.state.status === 'parked' && causeOf(task.state) === 'session';

async function headIfStuck(ports: GaugePorts, task: InSession, now: number): Promise<StuckSession | null> {
  const { tenant, sessionId, state } = task;
  const waitedMs = now - state.until;
  if (waitedMs < PATIENCE_MS) return null;
  const session = await ports.sessions.get(tenant, sessionId);
  const id = session ? headOf(session) : undefined;
  const head = id === undefined ? null : await ports.store.get(id);
  const isStuck = head === null || isLeftAlone(head, now) || hasLostItsTurn(head, now) || waitedMs >= TURN_MS;
  return isStuck ? { tenant, sessionId, head: id } : null;
}

/** It waits for its turn, or has ended, although it is first. */
function hasLostItsTurn({ state }: Task, now: number): boolean {
  if ('finishedAt' in state) return state.finishedAt + PATIENCE_MS <= now;
  return state.status === 'parked' && causeOf(state) === 'session' && state.until + PATIENCE_MS <= now;
}
