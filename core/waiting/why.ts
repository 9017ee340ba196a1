import type { Task } from '../tasks/task.ts';
import { whyEnded } from './ended.ts';
import type { Around, Why } from './explanation.ts';
import { whyParked } from './parked.ts';
import { whyQueued } from './queued.ts';
import { whyRunning } from './running.ts';

/** Explains a task from its state and what surrounds it. */
export function whyOf(task: Task, around: Around): Why {
  const { state } = task;
  switch (state.status) {
    case 'queued':
      return whyQueued(task, around);
    case 'running':
      return whyRunning(task, state, around);
    case 'parked':
      return whyParked(task, state, around);
    case 'succeeded':
    case 'failed':
    case 'cancelled':
    case 'escalated':
      return whyEnded(task, state);
  }
}
