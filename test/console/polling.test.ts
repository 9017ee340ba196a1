import { QueryClient, QueryClientProvider, type Query } from '@tanstack/react-query';
import { createElement } from 'react';
import { renderToString } from 'react-dom/server';
import { describe, expect, it, vi } from 'vitest';
import { FleetError } from '#client/fleet-error.ts';
import { useAlarms } from '#console/src/api/alarms.ts';
import { useTaskLogs } from '#console/src/api/logs.ts';
import { useMetrics } from '#console/src/api/metrics.ts';
import { useFleet, useHolds } from '#console/src/api/pools.ts';
import { useTask } from '#console/src/api/tasks.ts';
import { useWhy } from '#console/src/api/why.ts';

interface Read {
  readonly options: {
    queryFn(context: { readonly signal: AbortSignal }): Promise<unknown>;
    refetchInterval(query: Pick<Query, 'state'>): number | false;
  };
}

/** What a part of a page reads. */
function readOf(use: () => unknown): Read {
  const client = new QueryClient();
  const Part = () => {
    use();
    return null;
  };
  renderToString(createElement(QueryClientProvider, { client }, createElement(Part)));
  return client.getQueryCache().getAll()[0] as unknown as Read;
}

/** Milliseconds until a part of a page reads again, after an answer or a failure. */
const msUntilNext = (use: () => unknown, data?: unknown, error: Error | null = null): number | false =>
  readOf(use).options.refetchInterval({ state: { data, error } as Query['state'] });

const problem = (kind: string, status: number): FleetError =>
  new FleetError({ type: `urn:agent-fleet:problem:${kind}`, title: '', status, detail: '' });

const POOL = { agent: 'a', status: 'resuming', tasks: { running: 1, queued: 1, parked: {}, complete: true } };
const POOLS = { pools: [POOL], fleet: { status: 'resuming' }, tenants: [] };
const task = (status: 'queued' | 'running' | 'succeeded') => () => useWhy({ id: 't', status });

describe('a page reads again', () => {
  it('every 2 seconds while something runs, every 10 seconds otherwise', () => {
    expect(msUntilNext(() => useTask('t'), { status: 'running' })).toBe(2_000);
    expect(msUntilNext(() => useTask('t'), { status: 'succeeded' })).toBe(10_000);
    expect(msUntilNext(task('running'), { status: 'running' })).toBe(2_000);
    expect(msUntilNext(task('succeeded'), { status: 'succeeded' })).toBe(10_000);
  });

  it('what reads much less often, whatever runs', () => {
    expect(msUntilNext(useHolds, POOLS)).toBe(10_000);
    expect(msUntilNext(useFleet, POOLS)).toBe(10_000);
    expect(msUntilNext(task('queued'), { status: 'queued' })).toBe(10_000);
    expect(msUntilNext(task('running'), { status: 'parked', cause: 'yielded' })).toBe(10_000);
    expect(msUntilNext(useAlarms, [{ state: 'ALARM' }])).toBe(15_000);
    expect(msUntilNext(useAlarms, [])).toBe(15_000);
    expect(msUntilNext(() => useTaskLogs('t'), { lines: [] })).toBe(10_000);
  });

  it('nothing that the key may not read', () => {
    const refused = problem('not-allowed', 403);
    expect(msUntilNext(useAlarms, undefined, refused)).toBe(false);
    expect(msUntilNext(() => useMetrics(['TasksFailed:Sum']), undefined, refused)).toBe(false);
    expect(msUntilNext(useAlarms, undefined, problem('too-many', 429))).toBe(15_000);
    expect(msUntilNext(() => useMetrics(['TasksFailed:Sum']), undefined, problem('no-answer', 0))).toBe(10_000);
  });
});

it.each([
  [useHolds, '/api/pools?tasks=false'],
  [useFleet, '/api/pools?tasks=true'],
])('tasks are counted only for views that show counts: %o', async (use, path) => {
  const asked: string[] = [];
  vi.stubGlobal('sessionStorage', { getItem: () => null });
  vi.stubGlobal('fetch', (url: string) => {
    asked.push(url);
    return Promise.resolve(Response.json({ ...POOLS, pools: [] }));
  });
  try {
    await readOf(use).options.queryFn({ signal: new AbortController().signal });
    expect(asked).toEqual([path]);
  } finally {
    vi.unstubAllGlobals();
  }
});
