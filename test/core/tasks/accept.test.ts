import { describe, expect, it } from 'vitest';
import { nodeIds } from '#adapters/node/ids.ts';
import { readSession } from '#core/sessions/order.ts';
import { MAX_WAITING } from '#core/sessions/session.ts';
import { acceptTask } from '#core/tasks/accept.ts';
import { apply } from '#core/tasks/apply.ts';
import { claim } from '#core/tasks/claim.ts';
import type { Submission } from '#core/tasks/submit.ts';
import { workerHarness } from '../../support/worker-harness.ts';

function setUp() {
  const h = workerHarness([{ json: { sum: 3 } }]);
  const ports = { ...h.ports, ids: nodeIds() };
  const sent: string[] = [];
  ports.queue = { ...ports.queue, send: async ({ id }) => void sent.push(id) };
  const accept = (change: Partial<Submission> = {}, message?: 'send' | 'resend' | 'held') =>
    acceptTask(
      ports,
      {
        tenant: 'acme',
        agent: 'adder',
        agentVersion: '1',
        priority: 'default',
        input: {},
        budget: { tokens: 1_000, usd: 1 },
        createdAt: h.clock.now(),
        deadline: h.clock.now() + 60_000,
        request: { id: 'request', retry: 0 },
        ...change,
      },
      message,
    );
  return { ...h, accept, sent };
}

describe('accepting a task', () => {
  it('I10: a key has the same task id as in version 0.1', async () => {
    const { accept } = setUp();
    const keyed = await accept({ idempotencyKey: 'order-7', keyScope: 'tenant' });
    expect(keyed.task.id).toBe('task-954d2f9d7b92e5966f95c63e1957428e');
    const document = { tenant: 'default', agent: 'contract-analyst', idempotencyKey: 'sha256:abc' };
    expect((await accept(document)).task.id).toBe('contract-analyst-df2cefb78aefbfa21d42ac083c2cc3fd');
    expect((await accept()).task.id).toMatch(/^task-[0-9a-f]{32}$/);
  });

  it('I10: an equal request is the same task and sends no second message', async () => {
    const { accept, sent } = setUp();
    const first = await accept({ idempotencyKey: 'order-7', keyScope: 'tenant' });
    const again = await accept({ idempotencyKey: 'order-7', keyScope: 'tenant' });
    expect([first.outcome, again.outcome]).toEqual(['created', 'existing']);
    expect(sent).toEqual([first.task.id]);
  });

  it('sends the message again for a request of the API that may have died before it sent it', async () => {
    const { accept, clock, sent, store } = setUp();
    const { task } = await accept({ idempotencyKey: 'order-7', keyScope: 'tenant' }, 'resend');
    await accept({ idempotencyKey: 'order-7', keyScope: 'tenant' }, 'resend');
    expect(sent).toEqual([task.id, task.id]);
    // Later the sweeper does.
    clock.advance(120_000);
    await accept({ idempotencyKey: 'order-7', keyScope: 'tenant' }, 'resend');
    const { task: other } = await accept({ idempotencyKey: 'order-8', keyScope: 'tenant' }, 'resend');
    // A task that a worker has claimed had its message.
    await apply(store, other, (current) => claim(current, 'worker', clock.now()));
    await accept({ idempotencyKey: 'order-8', keyScope: 'tenant' }, 'resend');
    expect(sent).toEqual([task.id, task.id, other.id]);
  });

  it('I10: another request under a tenant’s key is rejected', async () => {
    const { accept } = setUp();
    await accept({ idempotencyKey: 'order-7', keyScope: 'tenant' });
    const other = { idempotencyKey: 'order-7', keyScope: 'tenant', request: { id: 'other', retry: 0 } } as const;
    expect((await accept(other)).outcome).toBe('key-reused');
    expect((await accept({ ...other, tenant: 'emca' })).outcome).toBe('created');
  });

  it('sends no message when the caller already has it or the task waits for a batch', async () => {
    const { accept, sent } = setUp();
    await accept({}, 'held');
    await accept({ priority: 'economy' });
    expect(sent).toEqual([]);
  });

  it('accepts the task even if its message cannot be sent', async () => {
    const h = setUp();
    h.ports.queue.send = () => Promise.reject(new Error('SQS is down.'));
    expect((await h.accept()).outcome).toBe('created');
  });

  it('I11: cancels a task whose session is full', async () => {
    const { accept, sent, ports, store } = setUp();
    for (let index = 0; index < MAX_WAITING; index += 1) await accept({ sessionId: 'talk' });
    const { outcome, task } = await accept({ sessionId: 'talk' });
    expect(outcome).toBe('session-full');
    expect(sent).not.toContain(task.id);
    expect((await store.get(task.id))?.state.status).toBe('cancelled');
    expect((await readSession(ports, 'acme', 'talk'))?.waiting).toHaveLength(MAX_WAITING);
  });
});
