import { describe, expect, it } from 'vitest';
import type { Run } from '#core/runs/run.ts';
import { answerUnreadable } from '#core/sweeper/dead-letter.ts';
import type { ObjectMessage } from '#core/tasks/work-message.ts';
import { work } from '#core/worker/work.ts';
import { inMemoryRunStore } from '../../support/fakes/in-memory-run-store.ts';
import { workerHarness } from '../../support/worker-harness.ts';

const RUN: Run = { id: 'run-1', tenant: 'default', createdAt: 0, size: 1, digest: 'd', cancelledAt: 1 };
const runs = inMemoryRunStore(RUN);

const message: ObjectMessage = {
  type: 'object',
  tenant: 'default',
  runId: 'run-1',
  request: { id: 'upload-1', retry: 0 },
  object: { bucket: 'uploads', key: 'uploads/u/a.pdf', etag: 'tag', size: 3 },
  taskToken: 'token',
};
const rest = { received: { extend: async () => undefined }, timeLeftMs: () => 300_000 };

describe('a cancelled run', () => {
  it('creates no task of a message that comes after the cancel, and its token is answered', async () => {
    const h = workerHarness([{ json: { sum: 3 } }]);
    await h.artifacts.put({ bucket: 'uploads', key: 'uploads/u/a.pdf' }, 'abc', 'application/pdf');
    expect(await work({ ...h.ports, runs }, h.agent, { message, ...rest })).toBe('delete');
    expect(h.store.all()).toEqual([]);
    expect(h.model.requests).toEqual([]);
    expect(h.notifier.answers).toMatchObject([{ token: 'token', outcome: { status: 'cancelled' } }]);
  });

  it('cancels a task that the list of its tasks has not shown when a worker claims it', async () => {
    const h = workerHarness([{ json: { sum: 3 } }]);
    const { id } = await h.accept({ runId: 'run-1' });
    await h.deliver(id, { runs });
    expect((await h.task(id)).state.status).toBe('cancelled');
    expect(h.model.requests).toEqual([]);
  });

  it('lets a task run that a person retried', async () => {
    const h = workerHarness([{ json: { sum: 3 } }]);
    const failed = await h.accept({ runId: 'run-1' });
    const { id } = await h.accept({ runId: 'run-1', retryOf: failed.id, idempotencyKey: 'again' });
    await h.deliver(id, { runs });
    expect((await h.task(id)).state.status).toBe('succeeded');
  });

  it('leaves the tasks of other runs alone', async () => {
    const h = workerHarness([{ json: { sum: 3 } }]);
    const { id } = await h.accept({ runId: 'run-2' });
    await h.deliver(id, { runs });
    expect((await h.task(id)).state.status).toBe('succeeded');
  });
});

describe('I9: a dead letter that does not have the schema of its queue', () => {
  it.each([
    ['a limit that is text', { ...message, maxUsd: '0.25' }],
    ['an unknown type', { type: 'another', taskToken: 'token' }],
    ['an object that is none', { ...message, object: 7 }],
    ['no run', { taskToken: 'token', object: { key: 'k' } }],
  ])('has its token answered: %s', async (_, body) => {
    const h = workerHarness([{ json: { sum: 3 } }]);
    expect(await answerUnreadable(h.ports, body, 'maxUsd (invalid_type)')).toBe(true);
    expect(h.notifier.answers).toMatchObject([
      { token: 'token', outcome: { status: 'failed', reason: expect.stringContaining('maxUsd') as string } },
    ]);
  });

  it.each([[null], ['text'], [{}], [{ taskToken: '' }], [[]]])(
    'without a token nothing is answered: %j',
    async (body) => {
      const h = workerHarness([{ json: { sum: 3 } }]);
      expect(await answerUnreadable(h.ports, body, 'type')).toBe(false);
      expect(h.notifier.answers).toEqual([]);
    },
  );
});
