import { describe, expect, it } from 'vitest';
import { cancelRun, getRun } from '#core/api/runs/rules.ts';
import { beginRun } from '#core/runs/begin-run.ts';
import { mayJoin } from '#core/runs/cancelled.ts';
import { endRun, type BrokeOff, type EndedRun, type ExecutionEnd } from '#core/runs/end-run.ts';
import type { Run } from '#core/runs/run.ts';
import type { TaskId } from '#core/tasks/task-id.ts';
import { inMemoryRunStore } from '../../support/fakes/in-memory-run-store.ts';
import { workerHarness } from '../../support/worker-harness.ts';

const EXECUTION = 'arn:aws:states:us-east-1:000000000000:execution:fan-out:spring';
const CALLER = { tenant: 'default', agents: null } as Parameters<typeof cancelRun>[1];
const OF_THE_API: Run = { id: 'spring', tenant: 'default', createdAt: 1, size: 3, digest: 'of the request' };

function harness(...runs: readonly Run[]) {
  const h = workerHarness([{ json: { sum: 3 } }]);
  const store = inMemoryRunStore(...runs);
  const reports: BrokeOff[] = [];
  const replaced: boolean[] = [];
  const ports = {
    ...h.ports,
    runs: store,
    pause: async () => undefined,
    report: async (_: EndedRun, brokeOff: BrokeOff, replaces: boolean) => {
      reports.push(brokeOff);
      replaced.push(replaces);
    },
  };
  const stopped: string[] = [];
  const stopAs = (outcome: 'stopped' | 'none') => ({ stop: async (arn: string) => (stopped.push(arn), outcome) });
  const begins = { runId: 'spring', uploadId: 'spring', tenant: 'default', execution: EXECUTION };
  return {
    ...h,
    runs: store,
    reports,
    replaced,
    stopped,
    cancel: (outcome: 'stopped' | 'none' = 'stopped') =>
      cancelRun({ ...h, runs: store, executions: stopAs(outcome) }, CALLER, 'spring'),
    run: () => store.get('default', 'spring'),
    begin: () => beginRun({ ...h, runs: store, manifests: { read: async () => null }, bucket: 'uploads' }, begins),
    end: (status: ExecutionEnd, hasTime = () => true, endedAt = h.clock.now(), redrivenAt?: number) =>
      endRun(
        ports,
        { ...begins, startedAt: h.clock.now(), endedAt, ...(redrivenAt !== undefined && { redrivenAt }), status },
        hasTime,
      ),
    /** A document of the run is located, sent at this time. */
    join: (sentAt: number) => mayJoin(store, { tenant: 'default', runId: 'spring', sentAt }),
    task: (n: number) => h.accept({ runId: 'spring', idempotencyKey: `key-${n}`, input: n }),
    statusOf: async (id: TaskId) => (await h.task(id)).state.status,
  };
}

describe('the end of a run', () => {
  it.each(['ABORTED', 'TIMED_OUT'] as const)('%s cancels its tasks and has its report written', async (status) => {
    const h = harness();
    await h.begin();
    const { id } = await h.task(1);
    expect(await h.end(status)).toBe('noted');
    expect(await h.statusOf(id)).toBe('cancelled');
    expect(await h.run()).toMatchObject({ cancelledAt: expect.any(Number), endedAt: expect.any(Number) });
    expect(h.reports).toHaveLength(1);
  });

  it('SUCCEEDED leaves everything as it is', async () => {
    const h = harness();
    await h.begin();
    const { id } = await h.task(1);
    await h.end('SUCCEEDED');
    expect(await h.statusOf(id)).toBe('queued');
    expect(h.reports).toEqual([]);
    expect((await h.run())?.cancelledAt).toBeUndefined();
  });

  it('FAILED cancels nothing: a redrive of the execution goes on with its tasks', async () => {
    const h = harness();
    await h.begin();
    const { id } = await h.task(1);
    expect(await h.end('FAILED')).toBe('noted');
    expect((await h.run())?.cancelledAt).toBeUndefined();
    expect(h.reports).toEqual([{ error: 'Run.Failed', cause: expect.any(String) }]);
    await h.deliver(id, { runs: h.runs });
    expect(await h.statusOf(id)).toBe('succeeded');
  });

  it.each(['ABORTED', 'TIMED_OUT'] as const)(
    '%s after a redrive has a new report, a repeated FAILED has not',
    async (how) => {
      const h = harness();
      await h.begin();
      await h.end('FAILED');
      await h.end('FAILED');
      await h.end(how);
      expect(h.replaced).toEqual([false, false, true]);
    },
  );

  it.each(['FAILED', 'ABORTED', 'TIMED_OUT'] as const)(
    '%s after a redrive has a new report each time, a repeated event has not',
    async (how) => {
      const h = harness();
      await h.begin();
      for (const at of [1_000, 2_000, 2_000, 3_000]) await h.end(at === 1_000 ? 'FAILED' : how, () => true, at);
      const repeated = how !== 'FAILED';
      expect(h.replaced).toEqual([false, true, repeated, true]);
    },
  );

  it('FAILED after a redrive has a new report also when the first event was lost', async () => {
    const h = harness();
    await h.begin();
    await h.end('FAILED', () => true, 2_000, 1_000);
    expect(h.replaced).toEqual([true]);
  });

  it.each(['ABORTED', 'TIMED_OUT'] as const)('%s without a redrive keeps a report that exists', async (how) => {
    const h = harness();
    await h.begin();
    await h.end(how);
    await h.end(how);
    expect(h.replaced).toEqual([false, false]);
  });

  it.each(['FAILED', 'SUCCEEDED'] as const)('%s is cancelled with the tasks it left open', async (status) => {
    const h = harness();
    await h.begin();
    const { id } = await h.task(1);
    await h.end(status);
    expect(await h.cancel()).toMatchObject({ cancelled: true, tasks: { queued: 0, cancelled: 1 } });
    expect(h.stopped).toEqual([EXECUTION]);
    expect((await h.run())?.cancelledAt).toBeDefined();
    await h.deliver(id, { runs: h.runs });
    expect(h.model.requests).toEqual([]);
  });

  it('FAILED starts no task after a cancel, also when none was created yet', async () => {
    const h = harness();
    await h.begin();
    await h.end('FAILED');
    await h.cancel();
    expect((await h.run())?.cancelledAt).toBeDefined();
  });

  it('with every task ended is not cancelled afterwards, but stopped if it was redriven', async () => {
    const h = harness();
    await h.begin();
    const { id } = await h.task(1);
    await h.deliver(id, { runs: h.runs });
    await h.end('FAILED');
    expect((await h.cancel()).cancelled).toBeUndefined();
    expect(h.stopped).toEqual([EXECUTION]);
  });

  it('is running again when a redrive sends a document, ends again, and is cancelled like another', async () => {
    const h = harness();
    await h.begin();
    const { id } = await h.task(1);
    await h.deliver(id, { runs: h.runs });
    const status = async () => (await getRun({ ...h, runs: h.runs }, CALLER, 'spring')).status;
    await h.end('FAILED', () => true, 1_000);
    // Sent before the failure, and received after it.
    expect(await h.join(900)).toBe(true);
    expect(await status()).toBe('ended');
    expect(await h.join(2_000)).toBe(true);
    expect(await status()).toBe('running');
    await h.end('FAILED', () => true, 3_000);
    // The event of the first failure came twice.
    await h.end('FAILED', () => true, 1_000);
    expect(await status()).toBe('ended');
    await h.join(4_000);
    expect(await h.cancel()).toMatchObject({ cancelled: true });
    expect(await h.join(4_001)).toBe(false);
  });

  it('that was registered and never started ends when it is cancelled', async () => {
    const h = harness();
    await h.begin();
    expect(await h.cancel('none')).toMatchObject({ cancelled: true, status: 'ended' });
  });

  it('FAILED in the moment of a cancel cancels its tasks', async () => {
    const h = harness();
    await h.begin();
    const { id } = await h.task(1);
    await h.cancel();
    await h.end('FAILED');
    expect(await h.statusOf(id)).toBe('cancelled');
  });

  it('stops in the middle of a pass when its time is up, and goes on at the next call', async () => {
    const h = harness();
    await h.begin();
    const ids: TaskId[] = [];
    for (let n = 0; n < 80; n += 1) ids.push((await h.task(n)).id);
    let asked = 0;
    expect(await h.end('ABORTED', () => (asked += 1) < 40)).toBe('out-of-time');
    const cancelled = async () => {
      const statuses = await Promise.all(ids.map(h.statusOf));
      return statuses.filter((status) => status === 'cancelled').length;
    };
    expect(await cancelled()).toBeGreaterThan(0);
    expect(await cancelled()).toBeLessThan(80);
    expect((await h.run())?.endedAt).toBeUndefined();
    // What was done is shown at once.
    expect(h.reports).toHaveLength(1);
    expect(await h.end('ABORTED')).toBe('noted');
    expect(await cancelled()).toBe(80);
    expect((await h.run())?.endedAt).toBeDefined();
  });
});

describe('an upload with the name of a run that a client submitted', () => {
  it('stops before it spends anything, and says why', async () => {
    const h = harness(OF_THE_API);
    expect(await h.begin()).toMatchObject({
      maxUsd: null,
      problem: { error: 'Run.NameTaken', cause: expect.stringContaining('under another one') as string },
    });
  });

  it.each(['SUCCEEDED', 'ABORTED', 'TIMED_OUT', 'FAILED'] as const)(
    '%s changes nothing of that run',
    async (status) => {
      const h = harness(OF_THE_API);
      const { id } = await h.task(1);
      expect(await h.end(status)).toBe('foreign');
      expect(await h.run()).toEqual(OF_THE_API);
      expect(await h.statusOf(id)).toBe('queued');
    },
  );

  it('begins as before when its first state is repeated', async () => {
    const h = harness();
    expect(await h.begin()).toEqual({ maxUsd: null, problem: null, documents: 0, late: 0 });
    expect(await h.begin()).toEqual({ maxUsd: null, problem: null, documents: 0, late: 0 });
  });
});
