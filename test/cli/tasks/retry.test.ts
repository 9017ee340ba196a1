import { expect, it } from 'vitest';
import type { ApiContext } from '#cli/api/api-command.ts';
import type { Request } from '#cli/api/client.ts';
import { retryCommand } from '#cli/tasks/retry.ts';
import { UserError } from '#cli/user-error.ts';
import { submitCommand } from '#cli/tasks/submit.ts';
import { bulkOperations } from '#core/api/bulk/operations.ts';
import type { Operation } from '#core/api/http/operation.ts';
import { taskOperations } from '#core/api/tasks/operations.ts';

function contextOf(call: (operation: Operation, schema: unknown, request?: Request) => Promise<unknown>) {
  const lines: string[] = [];
  const output = { line: (text = '') => void lines.push(text), progress: () => undefined, json: () => undefined };
  const answered = async (operation: Operation, schema: unknown, request?: Request) => ({
    body: await call(operation, schema, request),
    retryAfterMs: undefined,
  });
  const context = { api: { call, answered }, target: {}, output, notes: output, json: false };
  return { lines, context: context as unknown as ApiContext };
}

it('retry --run of a cancelled run names the commands that retry its tasks', async () => {
  const tasks = [{ id: 'task-1', status: 'cancelled', budget: { usd: 1 } }];
  const { lines, context } = contextOf(async (operation) => {
    if (operation === taskOperations.listTasks) return { tasks };
    return operation === bulkOperations.submitBulkAction ? { count: 0 } : {};
  });
  await retryCommand(context, [], { run: 'r1' });
  expect(lines.join('\n')).toContain('npm run fleet -- retry task-1\n');
  expect(lines.join('\n')).toContain('npm run fleet -- documents --retry-failed r1');
});

it.each([
  [1, '1 of 1 task was not retried.'],
  [3, '3 of 3 tasks were not retried.'],
])('retry says how many of the tasks it did not retry: %i', async (number, says) => {
  const { context } = contextOf(() => Promise.reject(new UserError('Not failed.', 'Look at it.')));
  const ids = Array.from({ length: number }, (_, index) => `task-${index}`);
  await expect(retryCommand(context, ids, {})).rejects.toThrow(says);
});

it('submit --wait says why the task is still queued', async () => {
  const queued = { id: 'task-1', agent: 'assistant', status: 'queued', steps: 0, cancelRequested: false };
  const states = [queued, queued, { ...queued, status: 'succeeded', output: 'Done.' }];
  const why = { ...queued, says: 'ada paused the pool assistant: Nonsense.' };
  const { lines, context } = contextOf(async (operation) => {
    if (operation === taskOperations.submitTask) return { id: 'task-1' };
    return operation === taskOperations.getTask ? states.shift() : why;
  });
  await submitCommand(context, { agent: 'assistant', instruction: 'hi', options: { wait: true } });
  expect(lines.join('\n')).toContain('still queued: ada paused the pool assistant: Nonsense.');
});
