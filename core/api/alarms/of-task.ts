import { inParallel } from '../../concurrency/in-parallel.ts';
import type { AlarmReader, FleetAlarm } from '../../ports/alarm-reader.ts';
import type { TaskStore } from '../../ports/task-store.ts';
import { isTerminal } from '../../tasks/task.ts';
import type { Caller } from '../http/caller.ts';
import { timeOf } from '../http/time-of.ts';
import { readTask } from '../tasks/get-task.ts';
import type { AlarmView, TaskAlarms } from './messages.ts';
import { NO_SEVERITY, viewOf, type AlarmPorts } from './rules.ts';

export type TaskAlarmPorts = Pick<AlarmPorts, 'alarms' | 'clock' | 'names'> & { readonly store: TaskStore };

type Rang = TaskAlarms['alarms'][number]['rang'];

/** Histories that are read at once. CloudWatch answers a few of these requests per second and account. */
const READS_AT_ONCE = 4;
/** Changes of one alarm that are looked at. */
const MAX_CHANGES = 100;
/** CloudWatch evaluates a period within two minutes of its end. */
const EVALUATED_MS = 120_000;
/** A composite alarm has no period of its own. */
const COMPOSITE_PERIOD_MS = 300_000;
/** Owners of alarms on what all agents share. */
const SHARED: ReadonlySet<string> = new Set(['platform', 'api']);

/**
 * Returns the alarms that rang between a task's acceptance and its end, and concern its agent, the agent's system or the
 * whole fleet. Throws `ApiProblem`: not found for any other tenant's task (I8).
 */
export async function getTaskAlarms(ports: TaskAlarmPorts, caller: Caller, id: string): Promise<TaskAlarms> {
  const { agent, createdAt, state } = await readTask(ports.store, caller, id);
  const now = ports.clock.now();
  const end = isTerminal(state) ? state.finishedAt : now;
  const all = (await ports.alarms.alarms()).map((alarm) => ({ alarm, view: viewOf(alarm, ports.names) }));
  const rang = await inParallel(
    concerning(all, agent),
    async ({ alarm, view }) => {
      const to = Math.min(now, end + evaluationMs(alarm));
      return { ...view, rang: await timesOf(ports.alarms, alarm, { from: createdAt, to }) };
    },
    READS_AT_ONCE,
  );
  return {
    alarms: rang.filter((each) => each.rang.length > 0).toSorted(bySeverity),
    from: timeOf(createdAt),
    to: timeOf(end),
    asOf: timeOf(now),
  };
}

interface Viewed {
  readonly alarm: FleetAlarm;
  readonly view: AlarmView;
}

/** Alarms of a pool name its system, which has alarms on functions and state machines of its own. */
function concerning(all: readonly Viewed[], agent: string): readonly Viewed[] {
  const owners = new Set(all.flatMap(({ view }) => (view.agent === agent ? (view.owner ?? []) : [])));
  return all.filter(({ view }) => {
    if (view.agent !== undefined) return view.agent === agent;
    return view.owner !== undefined && (SHARED.has(view.owner) || owners.has(view.owner));
  });
}

/** The period in which the task ended ends so long after it at most, and is evaluated then. */
const evaluationMs = ({ rule }: FleetAlarm): number =>
  (rule === undefined ? COMPOSITE_PERIOD_MS : rule.period * 1_000) + EVALUATED_MS;

interface Span {
  readonly from: number;
  readonly to: number;
}

/** The times at which an alarm rang within a span. Only an alarm that has changed since needs its history. */
async function timesOf(alarms: AlarmReader, { name, state, since }: FleetAlarm, { from, to }: Span): Promise<Rang> {
  if (since <= from) return state === 'ALARM' ? [{ from: timeOf(from) }] : [];
  const changes = await alarms.changesSince(name, from, MAX_CHANGES);
  // Its history may have been deleted. Its state is still known.
  if (changes.length === 0) return state === 'ALARM' && since <= to ? [{ from: timeOf(since) }] : [];
  const rang: { from: string; until?: string }[] = changes[0]?.before === 'ALARM' ? [{ from: timeOf(from) }] : [];
  for (const { at, before, after } of changes) {
    const open = rang.at(-1);
    if (before === 'ALARM' && open !== undefined && open.until === undefined) open.until = timeOf(at);
    if (at > to) break;
    if (after === 'ALARM') rang.push({ from: timeOf(at) });
  }
  // Of very many changes only the first are read.
  const last = rang.at(-1);
  if (last !== undefined && last.until === undefined && state !== 'ALARM') last.until = timeOf(since);
  return rang;
}

/** The most severe first, then those that rang first. */
function bySeverity(one: TaskAlarms['alarms'][number], other: TaskAlarms['alarms'][number]): number {
  const [first, second] = [one.rang[0]?.from ?? '', other.rang[0]?.from ?? ''];
  return (one.severity ?? NO_SEVERITY) - (other.severity ?? NO_SEVERITY) || (first < second ? -1 : 1);
}
