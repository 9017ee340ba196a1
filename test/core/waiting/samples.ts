import type { Pool } from '#core/pools/pool.ts';
import { healthyPool } from '#core/pools/pool.ts';
import { taskIdSchema } from '#core/tasks/task-id.ts';
import type { Task, TaskState } from '#core/tasks/task.ts';
import type { Around } from '#core/waiting/explanation.ts';
import { NOW, sampleModelStep, sampleTask } from '../../contract/samples.ts';

export const SOON = NOW + 30_000;
export const id = taskIdSchema.parse('task-1');
export const pool = (state: Pool['state'] = { status: 'active' }): Pool => ({ ...healthyPool('assistant'), state });
export const around = (more: Partial<Around> = {}): Around => ({ now: NOW + 5_000, pool: pool(), ...more });
export const task = (state: TaskState, more: Partial<Task> = {}): Task =>
  sampleTask({ id, agent: 'assistant', state, ...more });
export const parked = (cause: string, more: Partial<Task> = {}, detail?: string): Task =>
  task({ status: 'parked', cause, until: SOON, ...(detail !== undefined && { detail }) }, more);
export const paused = pool({ status: 'paused', reason: 'It answers nonsense.', by: 'ada', at: NOW });
export const open = pool({ status: 'open', reason: 'overloaded', until: SOON, opens: 1 });
export const probing = pool({ status: 'half-open', probe: { taskId: 'task-of-another', until: SOON }, opens: 1 });
export const queued = task({ status: 'queued', since: NOW });
export const running = (more: Partial<Task> = {}, state: object = {}): Task =>
  task(
    { status: 'running', holder: 'w', leaseUntil: SOON, cancelRequested: false, ...state },
    { epoch: 1, worker: { name: '2026/11/30/[$LATEST]abc' }, ...more },
  );
export const asked = sampleModelStep({
  taskId: id,
  stopReason: 'tool-use',
  content: [{ type: 'tool-use', id: 'call-1', name: 'look_up', input: { secret: 'of the document' } }],
});
export const finished = { finishedAt: SOON, notified: true };

/** A delegation of five tasks, of which four are enough. */
export function delegation() {
  const child = (index: number) => ({ id: `task-1${index}`, to: 'helper', index, budget: { tokens: 1, usd: 0.1 } });
  const children = [0, 1, 2, 3, 4].map(child);
  return { step: 1, epoch: 1, tool: 'plan', toolUseId: 'call-2', since: NOW, until: SOON + 1, enough: 4, children };
}
