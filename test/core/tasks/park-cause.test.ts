import { expect, it } from 'vitest';
import { claim } from '#core/tasks/claim.ts';
import { abandon } from '#core/tasks/finish.ts';
import { causeOf, isFreed } from '#core/tasks/park-cause.ts';
import { requeue } from '#core/tasks/progress.ts';
import { newTask } from '#core/tasks/submit.ts';
import { taskIdSchema } from '#core/tasks/task-id.ts';
import { attentionAt, taskSchema, type Task } from '#core/tasks/task.ts';

const NOW = Date.UTC(2026, 10, 28);

/** A stored task that a newer release parked for a cause, or a detail, which this one does not know. */
function parkedByNewer(state: object): Task {
  const task = newTask(taskIdSchema.parse('t1'), {
    tenant: 'default',
    agent: 'adder',
    agentVersion: '1',
    priority: 'default',
    input: {},
    budget: { tokens: 1, usd: 1 },
    createdAt: NOW,
    deadline: NOW + 3_600_000,
    request: { id: 'r', retry: 0 },
  });
  const stored: unknown = JSON.parse(JSON.stringify({ ...task, state: { status: 'parked', ...state } }));
  return taskSchema.parse(stored);
}

it('an unknown cause is read, kept and shown, and the task waits for its time', () => {
  const task = parkedByNewer({ cause: 'full-moon', until: NOW + 60_000 });
  expect(task.state).toMatchObject({ cause: 'full-moon' });
  expect(causeOf({ cause: 'full-moon' })).toBe('full-moon');
  expect(isFreed({ cause: 'full-moon' })).toBe(false);
  expect(attentionAt(task)).toBe(NOW + 120_000);
  expect(claim(task, 'w', NOW)).toMatchObject({ ok: false, refusal: 'not-due' });
  expect(abandon(task, { kind: 'crashed', reason: '' }, NOW)).toMatchObject({ ok: false, refusal: 'not-due' });
  expect(claim(task, 'w', NOW + 60_000).ok).toBe(true);
  expect(requeue(task, NOW + 120_000)).toMatchObject({ ok: true, task: { state: { status: 'queued' } } });
});

it('an unknown detail is read, kept and shown, and its cause decides', () => {
  const task = parkedByNewer({ cause: 'paused', detail: 'full-moon', until: NOW });
  expect(task.state).toMatchObject({ cause: 'paused', detail: 'full-moon' });
  expect(causeOf({ cause: 'paused', detail: 'full-moon' })).toBe('full-moon');
  expect(claim(task, 'w', NOW - 1).ok).toBe(true);
});
