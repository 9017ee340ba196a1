import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ApiClient } from '#cli/api/client.ts';
import { sayWhyQueued, whyQueued } from '#cli/tasks/why-queued.ts';
import type { PoolView } from '#core/api/pools/messages.ts';
import type { TaskView } from '#core/api/tasks/messages.ts';

const pool = (more: Partial<PoolView> = {}): PoolView => ({
  agent: 'assistant',
  status: 'active',
  waiting: { high: 0, default: 0, deadLetters: 0 },
  tasks: { running: 50, queued: 120, parked: {}, complete: true },
  ...more,
});

it.each<[Partial<PoolView>, string]>([
  [{}, '50 tasks of the pool assistant are running and 120 are queued; it starts when workers are free'],
  [
    { tasks: { running: 50, queued: 950, parked: {}, complete: false } },
    '50+ tasks of the pool assistant are running and 950+ are queued; it starts when workers are free',
  ],
  [
    { tasks: { running: 0, queued: 1, parked: {}, complete: true } },
    'no worker of the pool assistant has started yet; 1 of its tasks are queued',
  ],
  [{ status: 'paused', reason: 'Nonsense.', by: 'ada' }, 'the pool assistant is paused by ada: Nonsense.'],
  [{ status: 'open', reason: 'It fails.' }, 'the circuit breaker of the pool assistant is open: It fails.'],
])('%j', (more, words) => {
  expect(whyQueued(pool(more))).toBe(words);
});

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

it('is said of a queued task, at most every ten seconds', async () => {
  const lines: string[] = [];
  const api = new ApiClient({ url: 'http://127.0.0.1:1', key: 'k' });
  const call = vi.spyOn(api, 'call').mockResolvedValue({ pools: [pool()] });
  const say = sayWhyQueued(api, { line: (text = '') => void lines.push(text), progress() {}, json() {} });
  const task = (status: string) => ({ id: 'task-1', status, agent: 'assistant' }) as TaskView;
  await say(task('running'));
  await say(task('queued'));
  await say(task('queued'));
  expect(lines).toEqual([expect.stringContaining('still queued: 50 tasks')]);
  vi.advanceTimersByTime(10_000);
  await say(task('queued'));
  expect(call).toHaveBeenCalledTimes(2);
});
