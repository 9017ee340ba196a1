import { describe, expect, it } from 'vitest';
import type { ApiClient, Request } from '#cli/api/client.ts';
import { followLines } from '#cli/logs/follow.ts';
import type { Line } from '#cli/logs/read-lines.ts';
import { taskOperations } from '#core/api/tasks/operations.ts';

const NOW = Date.now();
const line = (id: string, at: number): Line => ({
  id,
  at: new Date(at).toISOString(),
  level: 'INFO',
  message: 'task.parked',
  function: 'fleet-dev-assistant',
});

/** Logs to which each read may add lines, two lines a page. The task ended at `endedAt`. */
function fakeApi(arrivals: readonly (readonly Line[])[], endedAt?: number) {
  const lines: Line[] = [];
  const requests: Request[] = [];
  let reads = 0;
  const call = async (operation: unknown, _schema: unknown, request: Request) => {
    request.signal?.throwIfAborted();
    if (operation === taskOperations.getTask)
      return { status: 'succeeded', finishedAt: endedAt && new Date(endedAt).toISOString() };
    const { cursor, since } = request.query ?? {};
    if (cursor === undefined) {
      lines.push(...(arrivals[reads] ?? []));
      lines.sort((one, other) => Date.parse(one.at) - Date.parse(other.at));
      reads += 1;
    }
    requests.push(request);
    const all = lines.filter(({ at }) => since === undefined || Date.parse(at) >= Date.parse(String(since)));
    const begin = Number(cursor ?? 0);
    const next = begin + 2 < all.length ? { nextCursor: String(begin + 2) } : {};
    return { lines: all.slice(begin, begin + 2), ...next, asOf: new Date().toISOString() };
  };
  return { api: { call } as unknown as ApiClient, requests, reads: () => reads };
}

const wanted = { task: undefined, agent: undefined, errors: false, since: undefined };

describe('following logs', () => {
  it('prints each line once, over pages and polls, also one that arrives late', async () => {
    const { api } = fakeApi([
      [line('a', NOW), line('b', NOW), line('c', NOW + 1)],
      [line('d', NOW + 20_000)],
      [line('late', NOW + 5_000)],
      [],
      [line('e', NOW + 60_000)],
      [line('f', NOW + 60_000)],
    ]);
    const ids: string[] = [];
    const stop = new AbortController();
    const onLine = ({ id }: Line): void => {
      ids.push(id);
      if (id === 'f') stop.abort();
    };
    await expect(followLines(api, wanted, { signal: stop.signal, onLine, paceMs: 1 })).rejects.toThrow('aborted');
    expect(ids).toEqual(['a', 'b', 'c', 'd', 'late', 'e', 'f']);
  });

  it('reads only what may be new', async () => {
    const { api, requests } = fakeApi([[line('a', NOW)], [line('b', NOW + 100_000)], []]);
    const stop = new AbortController();
    let polls = 0;
    const onLine = (): void => void ((polls += 1) === 2 && setTimeout(() => stop.abort(), 20));
    await expect(followLines(api, wanted, { signal: stop.signal, onLine, paceMs: 1 })).rejects.toThrow('aborted');
    const times = requests.map(({ query }) => query?.['since'] as string | undefined);
    expect(times[0]).toBeUndefined();
    expect(times.at(-1)).toBe(new Date(NOW + 70_000).toISOString());
  });

  it('ends when the task has ended and its last lines have arrived', async () => {
    const { api, reads } = fakeApi([[line('a', NOW - 60_000)]], NOW - 60_000);
    const ids: string[] = [];
    const onLine = ({ id }: Line): void => void ids.push(id);
    const signal = new AbortController().signal;
    await followLines(api, { ...wanted, task: 'task-1' }, { signal, onLine, paceMs: 1 });
    expect({ ids, reads: reads() }).toEqual({ ids: ['a'], reads: 1 });
  });
});
