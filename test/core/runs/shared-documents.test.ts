import { describe, expect, it } from 'vitest';
import { getRun } from '#core/api/runs/rules.ts';
import { endRun, type ExecutionEnd } from '#core/runs/end-run.ts';
import type { TaskStore } from '#core/ports/task-store.ts';
import type { Run } from '#core/runs/run.ts';
import { cancel } from '#core/tasks/finish.ts';
import type { Task } from '#core/tasks/task.ts';
import type { ObjectMessage } from '#core/tasks/work-message.ts';
import { locate } from '#core/worker/locate.ts';
import { work } from '#core/worker/work.ts';
import { inMemoryRunStore } from '../../support/fakes/in-memory-run-store.ts';
import { workerHarness } from '../../support/worker-harness.ts';

const run = (id: string, createdAt = 0): Run => ({
  id,
  tenant: 'default',
  createdAt,
  size: 1,
  digest: id,
  execution: id,
});

/** Runs with the same document, which is one task. */
async function harness() {
  const h = workerHarness([{ json: { sum: 3 } }]);
  const runs = inMemoryRunStore(run('a'), run('b'), run('c'));
  const ports = { ...h.ports, runs };
  await h.artifacts.put({ bucket: 'uploads', key: 'a.pdf' }, 'bytes', 'application/pdf');
  const message = (runId: string, sentAt?: number, taskToken = `token of ${runId}`): ObjectMessage => ({
    type: 'object',
    tenant: 'default',
    runId,
    request: { id: runId, retry: 0 },
    object: { bucket: 'uploads', key: 'a.pdf', etag: 'tag', size: 5 },
    taskToken,
    sentAt,
  });
  const hidden: number[] = [];
  const received = { extend: async (ms: number) => void hidden.push(ms) };
  return {
    ...h,
    runs,
    hidden,
    /** Creates the task, or joins it, without working on it. */
    async joins(...runIds: readonly string[]) {
      for (const id of runIds) await locate(ports, h.agent, message(id));
    },
    /** A redriven execution sends its document again, with another token. */
    rejoins: (id: string, sentAt: number) => locate(ports, h.agent, message(id, sentAt, `another token of ${id}`)),
    works: (runId: string) => work(ports, h.agent, { message: message(runId), received, timeLeftMs: () => 300_000 }),
    first: () => h.store.all()[0] as Task,
    end: (id: string, status: ExecutionEnd, store: TaskStore = h.store, passes = 100, startedAt = 0) =>
      endRun(
        { ...ports, store, pause: async () => undefined, report: async () => undefined },
        { runId: id, uploadId: id, tenant: 'default', execution: id, startedAt, endedAt: h.clock.now(), status },
        () => (passes -= 1) > 0,
      ),
    answers: () => Object.fromEntries(h.notifier.answers.map(({ token, outcome }) => [token, outcome.status])),
  };
}

describe('a document that two runs wait for', () => {
  it.each(['ABORTED', 'TIMED_OUT'] as const)('goes on for run b when run a is %s', async (status) => {
    const h = await harness();
    await h.joins('a', 'b');
    await h.end('a', status);
    expect(h.first()).toMatchObject({ runId: 'b', otherRuns: [], state: { status: 'queued' } });
    await h.deliver(h.first().id, { runs: h.runs });
    expect(h.answers()).toMatchObject({ 'token of b': 'succeeded' });
  });

  it('goes on for run b also when a worker claims it before it is handed over', async () => {
    const h = await harness();
    await h.joins('a', 'b');
    await h.runs.mark('default', 'a', 'cancelledAt', 1);
    await h.deliver(h.first().id, { runs: h.runs });
    expect(h.answers()).toMatchObject({ 'token of b': 'succeeded' });
  });

  it('goes on for run b when that joins in the moment of the cancel', async () => {
    const h = await harness();
    await h.joins('a');
    let joined = false;
    const store: TaskStore = {
      ...h.store,
      async replace(next) {
        if (!joined) {
          joined = true;
          await h.joins('b');
        }
        return h.store.replace(next);
      },
    };
    await h.end('a', 'ABORTED', store);
    expect(h.first()).toMatchObject({ runId: 'b', state: { status: 'queued' } });
  });

  it('ends when both are cancelled, in whatever order', async () => {
    for (const order of [
      ['a', 'b'],
      ['b', 'a'],
    ] as const) {
      const h = await harness();
      await h.joins('a', 'b');
      for (const id of order) await h.end(id, 'ABORTED');
      expect(h.first().state.status).toBe('cancelled');
      expect(h.model.requests).toEqual([]);
    }
  });

  it('ends with run b too when it is older than that run', async () => {
    const h = await harness();
    const startedAt = h.clock.now() + 600_000;
    await h.runs.create(run('late', startedAt));
    await h.joins('a', 'late');
    await h.end('a', 'ABORTED');
    expect(h.first().runId).toBe('late');
    const caller = { tenant: 'default', agents: null } as Parameters<typeof getRun>[1];
    const late = await getRun({ ...h, runs: h.runs }, caller, 'late');
    expect(late.tasks.queued).toBe(1);
    await h.end('late', 'ABORTED', h.store, 100, startedAt);
    expect(h.first().state.status).toBe('cancelled');
  });

  it('passes from run to run, and is not kept for one that has ended', async () => {
    const h = await harness();
    await h.joins('a', 'b', 'c');
    await h.end('b', 'FAILED');
    await h.end('a', 'ABORTED');
    expect(h.first()).toMatchObject({ runId: 'c', otherRuns: ['b'] });
    await h.end('c', 'ABORTED');
    expect(h.first().state.status).toBe('cancelled');
  });

  it('goes on for run b that failed and was redriven, until that fails again', async () => {
    for (const failsAgain of [false, true]) {
      const h = await harness();
      await h.joins('a', 'b', 'c');
      await h.end('c', 'FAILED');
      await h.end('b', 'FAILED');
      h.clock.advance(1_000);
      await h.rejoins('b', h.clock.now());
      // Run c was not redriven: this message was sent before it failed.
      await h.rejoins('c', 0);
      h.clock.advance(1_000);
      if (failsAgain) await h.end('b', 'FAILED');
      await h.end('a', 'ABORTED');
      expect(h.first().state.status).toBe(failsAgain ? 'cancelled' : 'queued');
      if (failsAgain) continue;
      expect(h.first().runId).toBe('b');
      await h.deliver(h.first().id, { runs: h.runs });
      expect(h.answers()).toMatchObject({ 'another token of b': 'succeeded' });
    }
  });

  it('is cancelled with its only run, whose token comes again in a retried map', async () => {
    const h = await harness();
    await h.joins('a', 'a');
    await h.end('a', 'ABORTED');
    expect(h.first().state.status).toBe('cancelled');
  });

  it('starts again for run b when its worker is about to cancel it for run a', async () => {
    const h = await harness();
    await h.joins('a');
    const { id } = h.first();
    const running = {
      status: 'running',
      holder: 'w',
      leaseUntil: h.clock.now() + 9_000,
      cancelRequested: false,
    } as const;
    await h.store.replace({ ...h.first(), state: running, version: 2 });
    expect(await h.end('a', 'ABORTED', h.store, 5)).toBe('out-of-time');
    expect(await h.works('b')).toBe('keep');
    expect(h.hidden.at(-1)).toBeGreaterThan(0);
    expect((await h.task(id)).waiters).toEqual(['token of a']);
    // The worker has heard of it.
    const task = await h.task(id);
    const ended = cancel({ ...task, state: { status: 'queued', since: 0 } }, h.clock.now());
    await h.store.replace(ended.task);
    expect(await h.works('b')).toBe('delete');
    expect(h.store.all().map(({ state }) => state.status)).toEqual(['cancelled', 'succeeded']);
    expect(h.answers()).toMatchObject({ 'token of b': 'succeeded' });
  });
});
