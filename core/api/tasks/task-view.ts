import { costOf } from '../../tasks/cost.ts';
import type { ModelStep, Step } from '../../tasks/step.ts';
import type { TaskId } from '../../tasks/task-id.ts';
import { isTerminal, type Task } from '../../tasks/task.ts';
import { parseTraceparent } from '../../tracing/traceparent.ts';
import type { Accepted, StepView, TaskView } from './messages.ts';

const iso = (ms: number): string => new Date(ms).toISOString();

/** Returns a task as the API shows it. */
export function taskView(task: Task): TaskView {
  const { id, agent, agentVersion, priority, sessionId, runId, retryOf, metadata, model } = task;
  const { budget, attempts, crashes } = task;
  return {
    id,
    agent,
    agentVersion,
    status: task.state.status,
    priority,
    ...optional({ sessionId, runId, retryOf, parent: task.parent?.id, metadata, model }),
    createdAt: iso(task.createdAt),
    deadline: iso(task.deadline),
    ...stateView(task),
    ...optional({ traceId: parseTraceparent(task.traceparent)?.traceId }),
    ...optional({ worker: task.worker, lastError: lastErrorView(task) }),
    steps: task.steps.length,
    attempts,
    crashes,
    usage: task.spend.usage,
    budget,
    spent: {
      ...costOf(task),
      savedUsd: task.spend.savedUsd ?? 0,
      ...optional({ delegated: task.spend.delegated }),
    },
    links: linksOf(task),
  };
}

/** Returns a task as the API shows a single one: with its input, and the task that retries it. */
export function fullTaskView(task: Task, retriedAs: TaskId | undefined): TaskView {
  const { input, inputAt } = task;
  const given = inputAt === undefined ? { input } : { inputKey: inputAt.key };
  return { ...taskView(task), ...given, ...optional({ retriedAs, children: task.children }) };
}

function lastErrorView({ lastError }: Task): TaskView['lastError'] {
  return lastError && { ...lastError, at: iso(lastError.at) };
}

function stateView({ state }: Task): Partial<TaskView> {
  const ended = isTerminal(state) ? { finishedAt: iso(state.finishedAt) } : {};
  switch (state.status) {
    case 'queued':
    case 'cancelled':
      return ended;
    case 'running':
      return state.cancelRequested ? { cancelRequested: true } : {};
    case 'parked':
      return { waitsFor: { cause: state.cause, ...optional({ detail: state.detail }), until: iso(state.until) } };
    case 'succeeded':
      return { ...ended, output: state.output, warnings: state.warnings };
    case 'failed':
      return { ...ended, failure: { kind: state.failure.kind, reason: state.failure.reason } };
    case 'escalated':
      return { ...ended, escalation: { reason: state.reason } };
  }
}

function linksOf({ id, sessionId }: Task): TaskView['links'] {
  const self = `/tasks/${encodeURIComponent(id)}`;
  const session = sessionId === undefined ? {} : { session: `/sessions/${encodeURIComponent(sessionId)}` };
  return { self, steps: `${self}/steps`, cancel: `${self}/cancel`, ...session };
}

/**
 * The response to a submission. Its status is always `queued`, so that a retry gets the same response whatever the
 * task's current state.
 */
export const acceptedView = (task: Task): Accepted => ({ id: task.id, status: 'queued', links: linksOf(task) });

/** One step as it is shown. */
export function stepView(step: Step): StepView {
  const common = { index: step.index, kind: step.kind, startedAt: iso(step.startedAt), endedAt: iso(step.endedAt) };
  if (step.kind === 'tool') {
    const { tool, isError, stack, content } = step;
    return { ...common, tool, isError, ...optional({ stack }), content };
  }
  const { model, rise, isSummary, stopReason, usage, usd, savedUsd, content } = step;
  return {
    ...common,
    model,
    ...optional({ rise, isSummary, savedUsd }),
    stopReason,
    usage,
    usd,
    content: content.flatMap(readable),
  };
}

/** Thinking and the provider's form of a search are encrypted, so readers cannot use them. */
function readable(part: ModelStep['content'][number]): readonly object[] {
  if (part.type === 'search') return part.found.length === 0 ? [] : [{ type: part.type, found: part.found }];
  return part.type === 'thinking' ? [] : [part];
}

/** Drops the fields that are undefined. */
function optional<Fields extends object>(
  fields: Fields,
): { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Name in keyof Fields]?: Exclude<Fields[Name], undefined>;
  };
}
