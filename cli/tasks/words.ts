import type { TaskView } from '#core/api/tasks/messages.ts';
import { causeOf, type Parked } from '#core/tasks/park-cause.ts';
import { dollars } from '../terminal/format.ts';

/** A task's status in one line, with why it waits or why it failed. */
export function stateWords(task: Omit<TaskView, 'output'>): string {
  const { status, waitsFor, failure, escalation, cancelRequested, attempts } = task;
  if (waitsFor) return `waits: ${waitWords(waitsFor)}`;
  if (failure) return `failed: ${failure.reason} (${failure.kind})`;
  if (escalation) return `escalated: ${escalation.reason}`;
  if (cancelRequested === true) return `${status}, about to be cancelled`;
  return status === 'running' && attempts > 0 ? `running, attempt ${attempts + 1}` : status;
}

/** What a parked task waits for, by its cause. */
export const waitWords = (waits: Parked): string => causeWords(causeOf(waits));

/** A cause in words. One that only a newer API knows is shown as it is. */
export const causeWords = (cause: string): string => WAITS[cause] ?? cause;

const WAITS: Readonly<Record<string, string>> = {
  throttled: 'the model’s rate limit',
  backoff: 'a retry after a failed attempt',
  yielded: 'a worker to continue it',
  session: 'earlier tasks of its session',
  'tenant-cap': 'its tenant’s limit of concurrent tasks',
  paused: 'its paused pool',
  budget: 'the next day: a day budget is used up',
  batch: 'a batch of model calls',
  delegated: 'the tasks that it delegated',
  'agent-version': 'a worker with its version of the agent, which a deploy brings',
};

/** The cost of a task. */
export const costWords = ({ spent }: Pick<TaskView, 'spent'>): string => dollars(spent.usd);

/** Formats an output for a person: text as it is, an object with one text as that text, anything else as JSON. */
export function outputText(output: unknown): string {
  if (typeof output === 'string') return output;
  if (typeof output === 'object' && output !== null) {
    const values = Object.values(output) as unknown[];
    if (values.length === 1 && typeof values[0] === 'string') return values[0];
  }
  return JSON.stringify(output, null, 2);
}
