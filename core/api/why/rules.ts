import { readPool } from '../../pools/pause.ts';
import { FLEET, healthyPool } from '../../pools/pool.ts';
import type { Clock } from '../../ports/clock.ts';
import type { PermitStore } from '../../ports/permit-store.ts';
import type { PoolStore } from '../../ports/pool-store.ts';
import type { SessionStore } from '../../ports/session-store.ts';
import type { TaskStore } from '../../ports/task-store.ts';
import { unlessUnreadable } from '../../stored/record.ts';
import { countedSteps } from '../../tasks/counted-steps.ts';
import { causeOf } from '../../tasks/park-cause.ts';
import { readUnfinished } from '../../tasks/read-unfinished.ts';
import { taskIdSchema } from '../../tasks/task-id.ts';
import { isTerminal, queueOf, type ParkedState, type Task } from '../../tasks/task.ts';
import type { Around, Children, PoolTasks, Why } from '../../waiting/explanation.ts';
import { whyOf } from '../../waiting/why.ts';
import type { Caller } from '../http/caller.ts';
import { readTask } from '../tasks/get-task.ts';
import type { WhyView } from './messages.ts';

export interface WhyPorts {
  readonly store: TaskStore;
  readonly sessions: SessionStore;
  readonly permits: PermitStore;
  readonly pools: PoolStore;
  readonly clock: Pick<Clock, 'now'>;
}

/** Tasks of a line that are read. */
const MAX_LINE = 100;

/** Explains a task of the caller's tenant. Throws `ApiProblem`: not found for any other tenant's task (I8). */
export async function whyTask(ports: WhyPorts, caller: Caller, id: string): Promise<WhyView> {
  const task = await readTask(ports.store, caller, id);
  const now = ports.clock.now();
  const pool = await unlessUnreadable(readPool(ports, task.agent), healthyPool(task.agent));
  const fleet = await unlessUnreadable(readPool(ports, FLEET), undefined);
  return viewOf(task, whyOf(task, { now, pool, fleet, ...(await aroundOf(ports, task)) }), now);
}

/** What the explanation of the task's state needs. */
async function aroundOf(ports: WhyPorts, task: Task): Promise<Omit<Around, 'now' | 'pool'>> {
  const { state } = task;
  if (state.status === 'queued') return { tasks: await tasksOfPool(ports, task) };
  if (state.status === 'running') return { steps: await countedSteps(ports.store, task) };
  return state.status === 'parked' ? aroundParked(ports, task, state) : {};
}

async function aroundParked(ports: WhyPorts, task: Task, state: ParkedState): Promise<Omit<Around, 'now' | 'pool'>> {
  switch (causeOf(state)) {
    case 'yielded':
      return { tasks: await tasksOfPool(ports, task) };
    case 'session':
      return { before: await beforeInSession(ports, task) };
    case 'tenant-cap':
      return { inLine: await placeInLine(ports, task) };
    case 'delegated':
      return { children: await childrenOf(ports, task) };
    default:
      return {};
  }
}

async function tasksOfPool({ store }: WhyPorts, task: Task): Promise<PoolTasks> {
  const since = task.state.status === 'queued' ? task.state.since : Infinity;
  const isAhead = ({ id, state, priority }: Task): boolean =>
    id !== task.id && state.status === 'queued' && queueOf(priority) === queueOf(task.priority) && state.since < since;
  let [running, ahead] = [0, 0];
  const complete = await readUnfinished(store, task.agent, (other) => {
    if (other.state.status === 'running') running += 1;
    if (isAhead(other)) ahead += 1;
  });
  return { running, ahead, complete };
}

async function beforeInSession({ sessions }: WhyPorts, { tenant, sessionId, id }: Task): Promise<readonly string[]> {
  const session = sessionId === undefined ? null : await unlessUnreadable(sessions.get(tenant, sessionId), null);
  const waiting = session?.waiting ?? [];
  return waiting.slice(0, Math.max(0, waiting.indexOf(id)));
}

async function placeInLine({ permits }: WhyPorts, { tenant, id }: Task) {
  const line = await permits.first(tenant, MAX_LINE);
  const place = line.findIndex(({ taskId }) => taskId === id);
  const isEnd = line.length < MAX_LINE;
  return place >= 0 ? { ahead: place, complete: true } : { ahead: isEnd ? 0 : line.length, complete: isEnd };
}

async function childrenOf({ store }: WhyPorts, { delegation }: Task): Promise<Children> {
  const ids = (delegation?.children ?? []).map(({ id }) => taskIdSchema.parse(id));
  const children = await store.getMany(ids);
  return {
    all: ids.length + (delegation?.later?.length ?? 0),
    ended: children.filter(({ state }) => isTerminal(state)).length,
    succeeded: children.filter(({ state }) => state.status === 'succeeded').length,
    open: children.find(({ state }) => !isTerminal(state))?.id,
  };
}

const iso = (ms: number): string => new Date(ms).toISOString();

function viewOf({ id, agent, state, deadline }: Task, why: Why, now: number): WhyView {
  const { cause, since, until, freedBy, ahead, aheadAtLeast, says, commands } = why;
  return {
    id,
    agent,
    status: state.status,
    ...(cause !== undefined && { cause }),
    ...(since !== undefined && { since: iso(since) }),
    ...(until !== undefined && { until: iso(until) }),
    ...(freedBy !== undefined && { freedBy }),
    ...(ahead !== undefined && { ahead }),
    ...(aheadAtLeast && { aheadAtLeast }),
    ...(!isTerminal(state) && { deadline: iso(deadline) }),
    says,
    commands: [...commands],
    asOf: iso(now),
  };
}
