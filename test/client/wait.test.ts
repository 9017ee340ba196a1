import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FleetClient } from '#client/index.ts';
import { retryAfterMs } from '#client/pause.ts';
import { sendJson } from '../adapters/support/stub-api.ts';
import { problem, stubbed } from './support.ts';

const running = { id: 'task-1', status: 'running' };
const succeeded = { id: 'task-1', status: 'succeeded', output: { text: 'Hello.' } };

describe('waiting', () => {
  it('polls until the task has ended, across error responses and broken connections', async () => {
    const { fleet, requests } = await stubbed((response, _, count) => {
      if (count === 1) return sendJson(response, 200, running);
      if (count === 2) return sendJson(response, 503, problem('failed', 503, 'Down.'));
      if (count === 3) return response.destroy();
      return sendJson(response, 200, count === 4 ? running : succeeded);
    });
    expect(await fleet.wait('task-1')).toEqual(succeeded);
    expect(requests.map(({ path }) => path)).toEqual(Array.from({ length: 5 }, () => '/v1/tasks/task-1?wait=20'));
  });

  it.each(['failed', 'cancelled', 'escalated'])('treats %s as an end', async (status) => {
    const { fleet } = await stubbed((response) => sendJson(response, 200, { ...running, status }));
    expect(await fleet.wait('task-1')).toMatchObject({ status });
  });

  it('times out even if the server does not respond', async () => {
    const { fleet, requests } = await stubbed(() => undefined);
    await expect(fleet.wait('task-1', { timeoutMs: 500 })).rejects.toMatchObject({
      kind: 'timed-out',
      message: expect.stringContaining('task-1 did not end within 500 ms') as string,
    });
    expect(requests[0]?.path).toBe('/v1/tasks/task-1?wait=1');
  });

  it.each([50.5, 0.1, 0, -3])('times out after %d ms', async (timeoutMs) => {
    const { fleet } = await stubbed(() => undefined);
    await expect(fleet.wait('task-1', { timeoutMs })).rejects.toMatchObject({ kind: 'timed-out' });
  });

  it.each([1e15, Infinity, 3_000_000_000.5])('waits for up to %d ms', async (timeoutMs) => {
    const { fleet } = await stubbed((response) => sendJson(response, 200, succeeded));
    expect(await fleet.wait('task-1', { timeoutMs })).toEqual(succeeded);
  });

  it('is aborted by a signal, with its reason', async () => {
    const controller = new AbortController();
    const { fleet } = await stubbed(() => controller.abort(new Error('enough')));
    await expect(fleet.wait('task-1', { signal: controller.signal, timeoutMs: 60_000 })).rejects.toThrow('enough');
  });

  it('fails at once for a task that does not exist', async () => {
    const { fleet, requests } = await stubbed((response) =>
      sendJson(response, 404, problem('not-found', 404, 'The task was not found.')),
    );
    await expect(fleet.wait('task-2')).rejects.toMatchObject({ kind: 'not-found' });
    expect(requests).toHaveLength(1);
  });
});

describe('Retry-After', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const answers = (...responses: readonly Response[]) => {
    const left = [...responses];
    const fetch = vi.fn(() => Promise.resolve(left.shift() ?? Response.json(succeeded)));
    return { fetch, fleet: new FleetClient({ url: 'http://fleet', key: 'flk_test', fetch }) };
  };

  it.each([
    ['of a waiting read that found no room', () => Response.json(running, { headers: { 'retry-after': '7' } })],
    ['of a 429', () => Response.json({}, { status: 429, headers: { 'retry-after': '7' } })],
  ])('%s is waited for', async (_, response) => {
    const { fetch, fleet } = answers(response());
    const ended = fleet.wait('task-1');
    await vi.advanceTimersByTimeAsync(6_999);
    expect(fetch).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(await ended).toEqual(succeeded);
    expect(fetch).toHaveBeenCalledTimes(2);
  });

  it('is optional: without it, delays grow up to ten seconds', async () => {
    const { fetch, fleet } = answers(...Array.from({ length: 7 }, () => new Response('', { status: 500 })));
    const ended = fleet.wait('task-1');
    const times: number[] = [];
    for (let at = 0; at <= 60_000; at += 50) {
      while (times.length < fetch.mock.calls.length) times.push(at);
      await vi.advanceTimersByTimeAsync(50);
    }
    expect(await ended).toEqual(succeeded);
    const pauses = times.slice(1).map((at, index) => at - (times[index] ?? 0));
    expect(pauses).toHaveLength(7);
    for (const [index, ms] of pauses.entries()) {
      const most = Math.min(10_000, 250 * 2 ** index);
      expect(ms).toBeGreaterThanOrEqual(most / 2 - 50);
      expect(ms).toBeLessThanOrEqual(most + 50);
    }
  });

  it('is seconds or a date, and is capped at a minute', () => {
    const now = Date.parse('2026-11-25T05:00:00Z');
    const headers = ['3', 'Wed, 25 Nov 2026 05:00:10 GMT', 'Wed, 25 Nov 2026 04:00:00 GMT', '86400', 'soon', null];
    expect(headers.map((header) => retryAfterMs(header, now))).toEqual([
      3_000,
      10_000,
      0,
      60_000,
      undefined,
      undefined,
    ]);
  });
});
