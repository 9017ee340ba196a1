import { assert, asyncProperty, jsonValue } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Task } from '#core/tasks/task.ts';
import type { TaskStore } from '#core/ports/task-store.ts';
import { collect, freshId, NOW, sampleModelStep, sampleTask, sampleToolStep, succeeded } from './samples.ts';

const entryOf = ({ id, createdAt }: Task) => ({ id, createdAt });

/** The contract of every task store. @param open opens a store for these agents */
export function taskStoreContract(open: (agents: readonly string[]) => TaskStore): void {
  describe('create', () => {
    it('stores a task that is read back unchanged', async () => {
      const store = open([]);
      const task = sampleTask({ runId: 'run-1', request: { id: 'run-1', retry: 0 }, waiters: ['token'] });
      expect(await store.create(task)).toEqual({ created: true, task });
      expect(await store.get(task.id)).toEqual(task);
    });

    it('reads tasks that are asked for at once each by itself, also one twice and one that does not exist', async () => {
      const store = open([]);
      const tasks = Array.from({ length: 5 }, (_, input) => sampleTask({ id: freshId(), input }));
      for (const task of tasks) await store.create(task);
      const ids = [...tasks.map(({ id }) => id), tasks[0]?.id ?? freshId(), freshId()];
      expect(await Promise.all(ids.map((id) => store.get(id)))).toEqual([...tasks, tasks[0], null]);
    });

    it('returns the existing task of the id unchanged', async () => {
      const store = open([]);
      const first = sampleTask({ input: 'first' });
      await store.create(first);
      const second = { ...first, input: 'second' };
      expect(await store.create(second)).toEqual({ created: false, task: first });
      expect(await store.get(first.id)).toEqual(first);
    });

    it('lets exactly one of several writers win, and returns its task to all', async () => {
      const store = open([]);
      const id = freshId();
      const rivals = Array.from({ length: 20 }, (_, input) => sampleTask({ id, input }));
      const results = await Promise.all(rivals.map((task) => store.create(task)));
      expect(results.filter(({ created }) => created)).toHaveLength(1);
      expect(new Set(results.map(({ task }) => task.input)).size).toBe(1);
    });

    it('stores any JSON exactly', async () => {
      const store = open([]);
      await assert(
        asyncProperty(jsonValue(), async (json) => {
          const input = JSON.parse(JSON.stringify(json)) as unknown;
          const task = sampleTask({ input });
          await store.create(task);
          expect((await store.get(task.id))?.input).toEqual(input);
        }),
        { numRuns: 25 },
      );
    });

    it('stores a contract of a megabyte', async () => {
      const store = open([]);
      const clauses = Array.from({ length: 5_000 }, (_, page) => ({
        kind: 'termination',
        quote: 'Either party may '.repeat(11),
        page,
      }));
      const task = sampleTask({ state: succeeded(NOW, { clauses }) });
      await store.create(task);
      expect(await store.get(task.id)).toEqual(task);
    });
  });

  describe('get and getMany', () => {
    it('finds nothing for unknown ids', async () => {
      const store = open([]);
      expect(await store.get(freshId())).toBeNull();
      expect(await store.getMany([])).toEqual([]);
      expect(await store.getMany([freshId()])).toEqual([]);
    });

    it('reads more tasks than fit in one request, each once, without missing ones', async () => {
      const store = open([]);
      const tasks = Array.from({ length: 130 }, () => sampleTask());
      await Promise.all(tasks.map((task) => store.create(task)));
      const ids = tasks.map(({ id }) => id);
      const found = await store.getMany([...ids, freshId(), ...ids.slice(0, 5)]);
      expect(found.map(({ id }) => id).sort()).toEqual([...ids].sort());
    });
  });

  describe('replace', () => {
    it('writes the next version', async () => {
      const store = open([]);
      const task = sampleTask();
      await store.create(task);
      const next = { ...task, version: 2, attempts: 1 };
      expect(await store.replace(next)).toBe('replaced');
      expect(await store.get(task.id)).toEqual(next);
    });

    it('I2: refuses a decision based on an older version, and changes nothing', async () => {
      const store = open([]);
      const task = sampleTask();
      await store.create(task);
      const newest = { ...task, version: 2, epoch: 2 };
      await store.replace(newest);
      expect(await store.replace({ ...task, version: 2, epoch: 1 })).toBe('conflict');
      expect(await store.replace({ ...task, version: 4, epoch: 1 })).toBe('conflict');
      expect(await store.get(task.id)).toEqual(newest);
    });

    it('I2: lets exactly one of several writers win', async () => {
      const store = open([]);
      const task = sampleTask();
      await store.create(task);
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, (_, epoch) => store.replace({ ...task, version: 2, epoch })),
      );
      expect(outcomes.filter((outcome) => outcome === 'replaced')).toHaveLength(1);
      expect((await store.get(task.id))?.epoch).toBe(outcomes.indexOf('replaced'));
    });

    it('does not create a task that does not exist', async () => {
      const store = open([]);
      const task = sampleTask({ version: 2 });
      expect(await store.replace(task)).toBe('conflict');
      expect(await store.get(task.id)).toBeNull();
    });
  });

  describe('steps', () => {
    it('I3: a step is written once and never changed', async () => {
      const store = open([]);
      const taskId = freshId();
      const step = sampleModelStep({ taskId });
      await store.putStep(step);
      await store.putStep({ ...step, requestId: 'another', usd: 9 });
      expect(await store.steps(taskId)).toEqual([step]);
    });

    it('are read in order, for all epochs, only of this task', async () => {
      const store = open([]);
      const taskId = freshId();
      const steps = [
        ...Array.from({ length: 12 }, (_, index) => sampleToolStep({ taskId, index })),
        sampleModelStep({ taskId, index: 11, epoch: 2 }),
        sampleModelStep({ taskId, index: 11, epoch: 10 }),
      ];
      for (const step of steps.toReversed()) await store.putStep(step);
      await store.putStep(sampleModelStep({ taskId: freshId() }));
      await store.create(sampleTask({ id: taskId }));
      expect(await store.steps(taskId)).toEqual(steps);
    });

    it('of an unknown task are empty', async () => {
      const store = open([]);
      expect(await store.steps(freshId())).toEqual([]);
    });
  });

  describe('overdue', () => {
    it('finds tasks of its agents that are due', async () => {
      const agent = freshId('agent');
      const store = open([agent]);
      const due = Array.from({ length: 9 }, () => sampleTask({ agent }));
      const later = sampleTask({ agent, state: { status: 'parked', cause: 'backoff', until: NOW + 3_600_000 } });
      const foreign = sampleTask({ agent: freshId('agent') });
      for (const task of [...due, later, foreign]) await store.create(task);
      const found = await collect(store.overdue(NOW + 600_000));
      expect(found.sort()).toEqual(due.map(({ id }) => id).sort());
      expect(await collect(store.overdue(NOW))).toEqual([]);
    });

    it('follows each write, and drops tasks that have ended and been notified', async () => {
      const agent = freshId('agent');
      const store = open([agent]);
      const task = sampleTask({ agent });
      await store.create(task);
      const until = NOW + 3_600_000;
      await store.replace({ ...task, version: 2, state: { status: 'parked', cause: 'throttled', until } });
      expect(await collect(store.overdue(NOW + 600_000))).toEqual([]);
      expect(await collect(store.overdue(until + 600_000))).toEqual([task.id]);
      await store.replace({ ...task, version: 3, state: succeeded(NOW) });
      expect(await collect(store.overdue(NOW + 600_000))).toEqual([task.id]);
      await store.replace({ ...task, version: 4, state: succeeded(NOW, {}, true) });
      expect(await collect(store.overdue(until + 600_000))).toEqual([]);
    });
  });

  describe('unfinished', () => {
    it('finds an agent’s tasks that have not ended, whatever they wait for', async () => {
      const agent = freshId('agent');
      const store = open([]);
      const states: readonly Task['state'][] = [
        { status: 'queued', since: NOW },
        { status: 'running', holder: 'worker', leaseUntil: NOW + 15_000, cancelRequested: false },
        { status: 'parked', cause: 'throttled', until: NOW + 3_600_000 },
        { status: 'parked', cause: 'batch', until: NOW },
      ];
      const tasks = states.map((state) => sampleTask({ agent, state }));
      const ended = sampleTask({ agent, state: succeeded(NOW, {}, true) });
      for (const task of [...tasks, ended, sampleTask({ agent: freshId('agent') })]) await store.create(task);
      expect((await collect(store.unfinished(agent))).sort()).toEqual(tasks.map(({ id }) => id).sort());
    });
  });

  describe('waitingForBatch', () => {
    it('finds an agent’s tasks that wait for a batch, earliest deadline first, and the sweeper finds them at their deadline', async () => {
      const agent = freshId('agent');
      const store = open([agent]);
      const state = { status: 'parked', cause: 'batch', until: NOW } as const;
      const waits = (deadline: number): Task => sampleTask({ agent, priority: 'economy', deadline, state });
      const tasks = [30, 10, 20].map((hours) => waits(NOW + hours * 3_600_000));
      const lies = { ...waits(NOW + 3_600_000), batch: { id: 'batch-1', since: NOW, held: [] } };
      for (const task of [...tasks, lies, sampleTask({ agent })]) await store.create(task);
      const [third, first, second] = tasks.map(({ id }) => id);
      expect(await collect(store.waitingForBatch(agent))).toEqual([first, second, third]);
      expect(await collect(store.overdue(NOW + 10 * 3_600_000 - 1))).not.toContain(first);
      expect(await collect(store.overdue(NOW + 10 * 3_600_000))).toContain(first);
    });
  });

  describe('deadLetters', () => {
    it('lists an agent’s dead letters after notification, newest first', async () => {
      const store = open([]);
      const agent = freshId('agent');
      const given = (kind: 'crashed' | 'permanent', finishedAt: number, notified = true) =>
        sampleTask({ agent, state: { status: 'failed', failure: { kind, reason: 'why' }, finishedAt, notified } });
      const [older, newer] = [given('crashed', NOW), given('crashed', NOW + 5)];
      const others = [given('permanent', NOW), given('crashed', NOW, false), sampleTask({ agent })];
      for (const task of [older, newer, ...others]) await store.create(task);
      expect(await collect(store.deadLetters(agent))).toEqual([newer.id, older.id]);
      expect(await collect(store.deadLetters(agent, NOW + 5))).toEqual([older.id]);
      expect(await collect(store.deadLetters(freshId('agent')))).toEqual([]);
    });
  });

  describe('list', () => {
    it('I8: lists only a tenant’s tasks, in any state, newest first', async () => {
      const store = open([]);
      const tenant = freshId('tenant');
      const tasks = Array.from({ length: 12 }, (_, n) => sampleTask({ tenant, createdAt: NOW + Math.floor(n / 3) }));
      for (const task of [...tasks, sampleTask({ tenant: freshId('tenant') })]) await store.create(task);
      const [first] = tasks;
      if (first) await store.replace({ ...first, version: 2, state: succeeded(NOW) });
      const newestFirst = tasks.toSorted((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1)).map(entryOf);
      expect(await collect(store.list({ tenant }))).toEqual(newestFirst);
    });

    it('continues after any task, even among tasks of the same millisecond', async () => {
      const store = open([]);
      const tenant = freshId('tenant');
      const tasks = Array.from({ length: 9 }, (_, n) => sampleTask({ tenant, createdAt: NOW + (n % 2) }));
      for (const task of tasks) await store.create(task);
      const all = await collect(store.list({ tenant }));
      for (const [index, after] of all.entries())
        expect(await collect(store.list({ tenant, after }))).toEqual(all.slice(index + 1));
    });

    it('filters by agent, session, run and time', async () => {
      const store = open([]);
      const tenant = freshId('tenant');
      const [agent, sessionId, runId] = [freshId('agent'), freshId('session'), freshId('run')];
      const wanted = sampleTask({ tenant, agent, sessionId, runId, createdAt: NOW + 5 });
      for (const task of [
        wanted,
        sampleTask({ tenant, agent }),
        sampleTask({ tenant, sessionId }),
        sampleTask({ tenant, runId }),
      ])
        await store.create(task);
      expect(await collect(store.list({ tenant, agent, sessionId, runId }))).toEqual([entryOf(wanted)]);
      expect(await collect(store.list({ tenant, agent }))).toHaveLength(2);
      expect(await collect(store.list({ tenant, from: NOW + 5 }))).toEqual([entryOf(wanted)]);
      expect(await collect(store.list({ tenant, from: NOW, to: NOW + 5 }))).toHaveLength(3);
    });

    it('finds nothing if the range ends before it starts, by its end or by its cursor', async () => {
      const store = open([]);
      const tenant = freshId('tenant');
      const { id } = (await store.create(sampleTask({ tenant }))).task;
      expect(await collect(store.list({ tenant, from: NOW + 5, to: NOW }))).toEqual([]);
      expect(await collect(store.list({ tenant, from: NOW + 5, after: { createdAt: NOW, id } }))).toEqual([]);
    });
  });

  describe('finishedInRun', () => {
    it('lists tasks of a run that ended after a time, oldest first, with their cost', async () => {
      const store = open([]);
      const runId = freshId('run');
      const usage = { input: 1_000, output: 100, cacheRead: 10, cacheWrite: 1 };
      const spend = { usage, usd: 0.25, lost: { tokens: 5_000, usd: 0.5 } };
      const ended = Array.from({ length: 10 }, (_, n) => sampleTask({ runId, spend, state: succeeded(NOW + n) }));
      const others = [
        sampleTask({ runId }),
        sampleTask({ runId: freshId('run'), state: succeeded(NOW) }),
        sampleTask({ state: succeeded(NOW) }),
      ];
      for (const task of [...ended.toReversed(), ...others]) await store.create(task);
      expect(await collect(store.finishedInRun(runId, NOW - 1))).toEqual(
        ended.map(({ id }, n) => ({ id, status: 'succeeded', finishedAt: NOW + n, usd: 0.75, tokens: 6_111 })),
      );
      const late = await collect(store.finishedInRun(runId, NOW + 7));
      expect(late.map(({ finishedAt }) => finishedAt)).toEqual([NOW + 8, NOW + 9]);
    });

    it('lists every terminal state', async () => {
      const store = open([]);
      const runId = freshId('run');
      const end = { finishedAt: NOW, notified: false };
      const failure = { kind: 'permanent', reason: 'not a PDF' } as const;
      await store.create(sampleTask({ runId, state: { status: 'failed', failure, ...end } }));
      await store.create(sampleTask({ runId, state: { status: 'cancelled', ...end } }));
      await store.create(sampleTask({ runId, state: { status: 'escalated', reason: 'a person must', ...end } }));
      const statuses = (await collect(store.finishedInRun(runId, 0))).map(({ status }) => status);
      expect(statuses.sort()).toEqual(['cancelled', 'escalated', 'failed']);
    });
  });
}
