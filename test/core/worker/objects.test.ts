import { describe, expect, it } from 'vitest';
import { defineAgent } from '#core/agents/define-agent.ts';
import { FailureError } from '#core/failures/failure.ts';
import { workMessageSchema, type ObjectMessage, type WorkMessage } from '#core/tasks/work-message.ts';
import type { WorkerPorts } from '#core/worker/ports.ts';
import { work } from '#core/worker/work.ts';
import { adderOptions, workerHarness } from '../../support/worker-harness.ts';

const object = (key: string, taskToken: string, size = 3): ObjectMessage => ({
  type: 'object',
  tenant: 'default',
  runId: 'run-1',
  request: { id: 'upload-1', retry: 0 },
  object: { bucket: 'uploads', key, etag: 'tag', size },
  taskToken,
});

function setUp(agent = defineAgent(adderOptions)) {
  const h = workerHarness([{ json: { sum: 3 } }], agent);
  const receive = (message: WorkMessage, change: Partial<WorkerPorts> = {}) =>
    work({ ...h.ports, ...change }, agent, {
      message,
      received: { extend: async () => undefined },
      timeLeftMs: () => 300_000,
    });
  return { ...h, receive };
}

describe('uploaded objects', () => {
  it('I10: equal bytes under two names are one task, and both tokens are answered', async () => {
    const h = setUp();
    await h.artifacts.put({ bucket: 'uploads', key: 'a.pdf' }, 'abc', 'application/pdf');
    await h.artifacts.put({ bucket: 'uploads', key: 'b.pdf' }, 'abc', 'application/pdf');
    await h.receive(object('a.pdf', 'token-a'));
    await h.receive(object('b.pdf', 'token-b'));
    await h.receive(object('b.pdf', 'token-b'));
    expect(h.store.all()).toHaveLength(1);
    expect(h.model.requests).toHaveLength(1);
    expect(new Set(h.notifier.answers.map(({ token }) => token))).toEqual(new Set(['token-a', 'token-b']));
    expect(new Set(h.notifier.answers.map(({ outcome }) => outcome.id)).size).toBe(1);
  });

  it('I3: a message that comes again after a deploy belongs to the task of the version before, and another asks anew', async () => {
    const first = defineAgent(adderOptions);
    const h = setUp(first);
    await h.artifacts.put({ bucket: 'uploads', key: 'a.pdf' }, 'abc', 'application/pdf');
    // Its worker dies before the end.
    const model = { ...h.model, invoke: () => Promise.reject(new FailureError({ kind: 'throttled', reason: '429' })) };
    await h.receive(object('a.pdf', 'token-a'), { model });
    const second = defineAgent({ ...adderOptions, version: '2', earlier: [first] });
    const deliver = (message: WorkMessage) =>
      work(h.ports, second, { message, received: { extend: async () => undefined }, timeLeftMs: () => 300_000 });
    h.clock.advance(60_000);
    await deliver(object('a.pdf', 'token-a'));
    expect(h.store.all().map(({ agentVersion, state }) => [agentVersion, state.status])).toEqual([['1', 'succeeded']]);
    expect(h.model.requests).toHaveLength(1);
    await deliver(object('a.pdf', 'token-b'));
    expect(h.store.all().map(({ agentVersion }) => agentVersion)).toEqual(['1', '2']);
    expect(h.notifier.answers.map(({ token }) => token)).toEqual(['token-a', 'token-b']);
  });

  it('I8: equal bytes of two tenants are two tasks', async () => {
    const h = setUp();
    await h.artifacts.put({ bucket: 'uploads', key: 'a.pdf' }, 'abc', 'application/pdf');
    await h.receive(object('a.pdf', 'token-a'));
    await h.receive({ ...object('a.pdf', 'token-b'), tenant: 'acme' });
    expect(h.store.all().map(({ tenant }) => tenant)).toEqual(['default', 'acme']);
  });

  it('a message without a tenant, as version 0.1 queued it, belongs to the default tenant', () => {
    const { tenant: _, ...message } = object('a.pdf', 'token-a');
    expect(workMessageSchema.parse(message)).toEqual({ ...message, tenant: 'default' });
  });

  it('I6: a message that joined a task is answered once, and only a later request retries the task', async () => {
    const h = setUp();
    const failure = new FailureError({ kind: 'permanent', reason: 'no' });
    const broken = { ...h.model, invoke: () => Promise.reject(failure) };
    await h.artifacts.put({ bucket: 'uploads', key: 'a.pdf' }, 'abc', 'application/pdf');
    const first = object('a.pdf', 'token-1');
    const joins = { ...object('a.pdf', 'token-2'), request: { id: 'upload-2', retry: 0 } };
    const inCall = Promise.withResolvers<void>();
    const joined = Promise.withResolvers<void>();
    const slow = { ...broken, invoke: async () => (inCall.resolve(), await joined.promise, broken.invoke()) };
    const working = h.receive(first, { model: slow });
    await inCall.promise;
    expect(await h.receive(joins)).toBe('keep');
    joined.resolve();
    await working;
    expect(await h.receive(joins)).toBe('delete');
    expect(h.store.all()).toHaveLength(1);
    expect(new Set(h.notifier.answers.map(({ outcome }) => outcome.id)).size).toBe(1);
    await h.receive({ ...object('a.pdf', 'token-3'), request: { id: 'upload-3', retry: 0 } });
    expect(h.store.all()).toHaveLength(2);
    expect(h.notifier.heard('token-3').status).toBe('succeeded');
  });

  it('I6: a task that fails just before a later request joins it is retried for that request', async () => {
    const h = setUp();
    await h.artifacts.put({ bucket: 'uploads', key: 'a.pdf' }, 'abc', 'application/pdf');
    const failing = { ...h.model, invoke: () => Promise.reject(new FailureError({ kind: 'permanent', reason: 'no' })) };
    const inCall = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    const working = h.receive(object('a.pdf', 'token-1'), {
      model: { ...failing, invoke: async () => (inCall.resolve(), await goOn.promise, failing.invoke()) },
    });
    await inCall.promise;
    const store = {
      ...h.store,
      // The task is running when it is found, and ends before the waiter is added.
      async create(task: Parameters<typeof h.store.create>[0]) {
        const found = await h.store.create(task);
        goOn.resolve();
        await working;
        return found;
      },
    };
    const later = { ...object('a.pdf', 'token-2'), request: { id: 'upload-2', retry: 0 } };
    await h.receive(later, { store });
    expect(h.notifier.heard('token-1').status).toBe('failed');
    expect(h.notifier.heard('token-2').status).toBe('succeeded');
    await h.receive(later);
    expect(h.store.all()).toHaveLength(2);
  });

  it('does not read an object that is too large, but still runs the agent', async () => {
    const h = setUp(defineAgent({ ...adderOptions, maxObjectBytes: 2 }));
    await h.receive(object('large.pdf', 'token'));
    expect(h.store.all()[0]?.input).toEqual({ object: { bucket: 'uploads', key: 'large.pdf', size: 3 } });
    expect(h.notifier.answers).toHaveLength(1);
  });

  it('creates a task for an object that is gone, so its row can report it', async () => {
    const h = setUp();
    await h.receive(object('gone.pdf', 'token'));
    expect(h.store.all()).toHaveLength(1);
    expect(h.notifier.answers).toHaveLength(1);
  });
});
