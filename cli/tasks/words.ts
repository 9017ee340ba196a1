import type { TaskView } from '#core/api/tasks/messages.ts';
import { dollars } from '../terminal/format.ts';

/** A task's status in one line, with why it waits or how it ended. */
export function stateWords(task: Omit<TaskView, 'output'>): string {
  const { status, waitsFor, failure, escalation, cancelRequested, attempts } = task;
  if (waitsFor) return `waits: ${WAITS[waitsFor.cause] ?? waitsFor.cause}`;
  if (failure) return `failed: ${failure.reason} (${failure.kind})`;
  if (escalation) return `escalated: ${escalation.reason}`;
  if (cancelRequested === true) return `${status}, about to be cancelled`;
  return status === 'running' && attempts > 0 ? `running, attempt ${attempts + 1}` : status;
}

const WAITS: Readonly<Record<string, string>> = {
  throttled: 'the model’s rate limit',
  backoff: 'a pause after a failed attempt',
  yielded: 'a worker to go on',
  session: 'the tasks before it in its session',
  'tenant-cap': 'its tenant works on as many as it may',
  paused: 'its pool is paused',
  budget: 'a day’s budget is used up',
  batch: 'a batch of model calls',
};

/** What a task cost. */
export const costWords = ({ spent }: Pick<TaskView, 'spent'>): string => dollars(spent.usd);

/** An output as a person reads it: words as they are, an object of one text as that text, else JSON. */
export function outputText(output: unknown): string {
  if (typeof output === 'string') return output;
  if (typeof output === 'object' && output !== null) {
    const values = Object.values(output) as unknown[];
    if (values.length === 1 && typeof values[0] === 'string') return values[0];
  }
  return JSON.stringify(output, null, 2);
}
