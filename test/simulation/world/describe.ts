import type { Task } from '#core/tasks/task.ts';
import { keyOf, type WorkMessage } from '#core/tasks/work-message.ts';

/** Describes a task for a line of the trace: its state, and what else a write changed. */
export function describeTask(task: Task, before?: Task): string {
  const words = [`v${task.version}`, stateOf(task), `epoch ${task.epoch}`];
  const changed = <Value>(of: (task: Task) => Value, say: (value: Value) => string): void => {
    const value = of(task);
    if (before === undefined || JSON.stringify(of(before)) !== JSON.stringify(value)) words.push(say(value));
  };
  if (before) {
    changed(
      ({ steps }) => steps.length,
      (count) => `${count} steps`,
    );
    changed(
      ({ reservation }) => reservation,
      (held) => (held ? `reserves ${held.tokens} for step ${held.step}` : 'reserves nothing'),
    );
    changed(
      ({ attempts }) => attempts,
      (count) => `attempts ${count}`,
    );
    changed(
      ({ crashes }) => crashes,
      (count) => `crashes ${count}`,
    );
    changed(
      ({ spend }) => spend.lost.tokens,
      (tokens) => `lost ${tokens}`,
    );
    changed(
      ({ waiters }) => waiters,
      (tokens) => `waiters ${tokens.join(' ')}`,
    );
  } else {
    words.push(`budget ${task.budget.tokens} / $${task.budget.usd}`, ...task.waiters.map((token) => `waiter ${token}`));
  }
  return words.join(', ');
}

function stateOf({ state }: Task): string {
  switch (state.status) {
    case 'queued':
      return 'queued';
    case 'running':
      return state.cancelRequested ? 'running (cancel asked)' : 'running';
    case 'parked':
      return `parked (${state.detail ?? state.cause})`;
    case 'failed':
      return `FAILED (${state.failure.kind})${state.notified ? ', told' : ''}`;
    case 'succeeded':
    case 'cancelled':
    case 'escalated':
      return `${state.status.toUpperCase()}${state.notified ? ', told' : ''}`;
  }
}

export function describeMessage(message: WorkMessage, alias: (id: string) => string): string {
  return message.type === 'task' ? alias(message.taskId) : `${keyOf(message)} for ${message.taskToken}`;
}
