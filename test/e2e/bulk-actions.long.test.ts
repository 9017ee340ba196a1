import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { FleetProgram } from '../cli/support/fleet-program.ts';
import { readLocalApi } from '../cli/support/local-api.ts';

const TASKS = 300;
interface Action {
  readonly id: string;
  readonly status: string;
  readonly done: number;
  readonly skipped: number;
  readonly failed: number;
  readonly count: number;
  readonly items: readonly { readonly task: string; readonly outcome?: string; readonly retriedAs?: string }[];
  readonly next?: string;
}
type Tasks = { readonly tasks: readonly { readonly id: string; readonly status: string; readonly retryOf?: string }[] };

let home: string;
let program: FleetProgram;
let up: ChildProcess;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'fleet-bulk-'));
  program = new FleetProgram(home);
  up = await program.up('--systems', 'assistant');
});
afterAll(() => {
  up.kill('SIGKILL');
  rmSync(home, { recursive: true, force: true });
});

async function call<Body>(route: string, body?: unknown): Promise<Body> {
  const { api, key } = readLocalApi(home);
  const [method = 'GET', path = ''] = route.split(' ');
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const response = await fetch(api + path, {
    method,
    headers,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${route}: ${response.status} ${text}`);
  return JSON.parse(text) as Body;
}

/** Starts an action, kills the fleet when some of its tasks are done, and starts the fleet again. */
async function throughACrash(body: object): Promise<Action> {
  const { id } = await call<Action>('POST /bulk-actions', body);
  await vi.waitUntil(async () => (await call<Action>(`GET /bulk-actions/${id}`)).done > 0, {
    timeout: 60_000,
    interval: 20,
  });
  const dead = once(up, 'exit');
  up.kill('SIGKILL');
  await dead;
  up = await program.up('--systems', 'assistant');
  const ended = async () => (await call<Action>(`GET /bulk-actions/${id}`)).status === 'ended';
  await vi.waitUntil(ended, { timeout: 180_000, interval: 500 });
  const items: Action['items'][number][] = [];
  let cursor = '';
  for (;;) {
    const page = await call<Action>(`GET /bulk-actions/${id}?limit=100${cursor && `&cursor=${cursor}`}`);
    items.push(...page.items);
    if (page.next === undefined) return { ...page, items };
    cursor = page.next;
  }
}

async function everyTask(query: string): Promise<Tasks['tasks']> {
  const tasks: Tasks['tasks'][number][] = [];
  let cursor = '';
  for (;;) {
    const page = await call<Tasks & { next?: string }>(`GET /tasks?limit=100&${query}${cursor && `&cursor=${cursor}`}`);
    tasks.push(...page.tasks);
    if (page.next === undefined) return tasks;
    cursor = page.next;
  }
}

const ALL = { count: TASKS, done: TASKS, skipped: 0, failed: 0 };

it('300 tasks are cancelled, then retried, each once, though the fleet is killed in the middle of both', async () => {
  await call('POST /pools/assistant/pause', { reason: 'To cancel them.', by: 'test' });
  const tasks = Array.from({ length: TASKS }, (_, index) => ({
    agent: 'assistant',
    instruction: `What is ${index} plus 1?`,
  }));
  await call('POST /tasks/batch', { tasks });
  const cancel = { action: 'cancel', filter: { agent: 'assistant' } };
  // The index is eventually consistent.
  const found = async () => (await call<Action>('POST /bulk-actions', { ...cancel, dryRun: true })).count === TASKS;
  await vi.waitUntil(found, { timeout: 60_000, interval: 500 });
  const cancelled = await throughACrash(cancel);
  expect(cancelled).toMatchObject(ALL);
  expect(new Set(cancelled.items.map(({ task }) => task)).size).toBe(TASKS);
  expect(await everyTask('status=cancelled')).toHaveLength(TASKS);
  const retried = await throughACrash({ action: 'retry', filter: { agent: 'assistant', status: 'cancelled' } });
  expect(retried).toMatchObject(ALL);
  const retries = (await everyTask('agent=assistant')).filter(({ retryOf }) => retryOf !== undefined);
  expect(retries).toHaveLength(TASKS);
  expect(new Set(retries.map(({ id }) => id))).toEqual(new Set(retried.items.map(({ retriedAs }) => retriedAs)));
  const { code, stdout } = await program.run(['bulk', 'list', '--json']);
  expect(code).toBe(0);
  expect((JSON.parse(stdout) as { actions: Action[] }).actions).toMatchObject([
    { id: retried.id },
    { id: cancelled.id },
  ]);
});
