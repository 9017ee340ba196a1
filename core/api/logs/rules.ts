import type { Clock } from '../../ports/clock.ts';
import type { LogFilter, LogReader } from '../../ports/log-reader.ts';
import type { TaskStore } from '../../ports/task-store.ts';
import { fingerprintOf } from '../../logs/fingerprint.ts';
import { isError, type LogLine } from '../../logs/log-line.ts';
import { LogSearchTooSlow, searchLogs, type LogPosition } from '../../logs/search.ts';
import { isTerminal, type Task } from '../../tasks/task.ts';
import { requireAgent, type Caller } from '../http/caller.ts';
import { ApiProblem } from '../http/problem.ts';
import { readTask } from '../tasks/get-task.ts';
import { cursorOfPosition, positionOfCursor } from './cursor.ts';
import type { LogPageView, LogsQuery, TaskLogsQuery } from './messages.ts';

export interface LogPorts {
  readonly store: TaskStore;
  readonly logs: LogReader;
  readonly clock: Clock;
  /** The name of an agent's service: that of its worker function in the logs. */
  readonly serviceOf: (agent: string) => string;
}

const HOUR_MS = 3_600_000;
/** A task's first lines may be written by a machine whose clock is behind. */
const BEFORE_MS = 60_000;
/** Callbacks and waiters are notified after a task's end. */
const AFTER_MS = HOUR_MS;
/** Milliseconds of the invocation that remain for the answer. */
const RESERVE_MS = 5_000;
const MAX_SEARCH_MS = 20_000;

/** Returns a page of the lines about a task. Throws `ApiProblem`: not found for any other tenant's task (I8). */
export async function getTaskLogs(
  ports: LogPorts,
  caller: Caller,
  { id, query, timeLeftMs }: { readonly id: string; readonly query: TaskLogsQuery; readonly timeLeftMs: number },
): Promise<LogPageView> {
  const task = await readTask(ports.store, caller, id);
  // The id names one task of one tenant, so its lines need no further filter.
  const filter = { taskId: task.id, errors: query.errors === 'true' };
  const all = timesOf(task, ports.clock.now());
  return search(ports, { filter, agents: [task.agent], query, all, timeLeftMs });
}

/**
 * Returns a page of the lines about the caller's tasks and requests. With the scope `fleet`: of all functions. Throws
 * `ApiProblem`.
 */
export async function listLogs(
  ports: LogPorts,
  caller: Caller,
  { query, timeLeftMs }: { readonly query: LogsQuery; readonly timeLeftMs: number },
): Promise<LogPageView> {
  if (query.agent !== undefined) requireAgent(caller, query.agent);
  const agents = query.agent === undefined ? (caller.agents ?? undefined) : [query.agent];
  const isFleet = caller.scopes.includes('fleet');
  const filter: LogFilter = {
    errors: query.errors === 'true',
    agents,
    ...(isFleet ? { services: agents?.map(ports.serviceOf) } : { tenant: caller.tenant }),
  };
  const now = ports.clock.now();
  return search(ports, { filter, agents, query, all: { from: now - HOUR_MS, to: now + 1 }, timeLeftMs });
}

function timesOf({ createdAt, state }: Task, now: number) {
  const to = isTerminal(state) ? Math.min(now, state.finishedAt + AFTER_MS) : now;
  return { from: createdAt - BEFORE_MS, to: to + 1 };
}

interface Search {
  readonly filter: LogFilter;
  readonly agents: readonly string[] | undefined;
  readonly query: TaskLogsQuery;
  /** The times between which there can be lines. */
  readonly all: Pick<LogPosition, 'from' | 'to'>;
  /** Milliseconds left in the invocation. */
  readonly timeLeftMs: number;
}

async function search(
  { logs, clock }: LogPorts,
  { filter, agents, query, all, timeLeftMs }: Search,
): Promise<LogPageView> {
  const { cursor, since, limit } = query;
  const asOf = new Date(clock.now()).toISOString();
  const from = since === undefined ? all.from : Date.parse(since);
  const position = cursor === undefined ? { ...all, from, skip: 0 } : positionOfCursor(cursor);
  const withinMs = Math.min(MAX_SEARCH_MS, timeLeftMs - RESERVE_MS);
  try {
    const { lines, next } = await searchLogs({ logs, clock }, { filter, agents, position, limit, withinMs });
    return { lines: lines.map(viewOf), ...(next && { nextCursor: cursorOfPosition(next) }), asOf };
  } catch (error) {
    if (error instanceof LogSearchTooSlow) throw tooSlow();
    throw error;
  }
}

function viewOf(line: LogLine): LogPageView['lines'][number] {
  const { at, fields, ...shown } = line;
  const fingerprint = isError(line) ? { fingerprint: fingerprintOf(line) } : {};
  return { ...fields, ...shown, ...fingerprint, at: new Date(at).toISOString() };
}

const tooSlow = (): ApiProblem =>
  new ApiProblem(
    'too-many',
    'There are too many log lines to search. Name a task or an agent, or read a shorter time with `since`.',
    [],
    1,
  );
