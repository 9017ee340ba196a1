import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ApiClient } from '#cli/api/client.ts';
import { sayWhyQueued } from '#cli/tasks/why-queued.ts';
import type { TaskView } from '#core/api/tasks/messages.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

function listener() {
  const lines: string[] = [];
  const api = new ApiClient({ url: 'http://127.0.0.1:1', key: 'k' });
  const call = vi.spyOn(api, 'call');
  const say = sayWhyQueued(api, { line: (text = '') => void lines.push(text), progress() {}, json() {} });
  const task = (status: string) => ({ id: 'task-1', status, agent: 'assistant' }) as TaskView;
  return { lines, call, say: (status: string) => say(task(status)) };
}

it('is said of a queued task, at most every ten seconds', async () => {
  const { lines, call, say } = listener();
  call.mockResolvedValue({ status: 'queued', says: 'It starts soon.' });
  await say('running');
  await say('queued');
  await say('queued');
  expect(lines).toEqual([expect.stringContaining('still queued: It starts soon.')]);
  vi.advanceTimersByTime(10_000);
  await say('queued');
  expect(call).toHaveBeenCalledTimes(2);
});

it('says nothing of a task that has started meanwhile, or when the API does not answer', async () => {
  const { lines, call, say } = listener();
  call.mockResolvedValue({ status: 'running', says: 'It is running.' });
  await say('queued');
  vi.advanceTimersByTime(10_000);
  call.mockRejectedValue(new Error('No answer.'));
  await say('queued');
  expect(lines).toEqual([]);
});
