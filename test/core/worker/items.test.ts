import { describe, expect, it } from 'vitest';
import { defineAgent } from '#core/agents/define-agent.ts';
import { LEASE_MS } from '#core/tasks/claim.ts';
import { taskIdSchema } from '#core/tasks/task-id.ts';
import { tokenIn, workMessageSchema, type ItemMessage } from '#core/tasks/work-message.ts';
import { failDeadLetter } from '#core/sweeper/dead-letter.ts';
import { work } from '#core/worker/work.ts';
import { adderOptions, workerHarness } from '../../support/worker-harness.ts';

const item = (taskToken: string, change: Partial<ItemMessage> = {}): ItemMessage => ({
  type: 'item',
  tenant: 'default',
  workflow: 'companies',
  runId: 'night-1',
  item: { id: 'acme', numbers: [1, 2] },
  deadline: 10_000_000_000_000,
  maxUsd: 1,
  taskToken,
  ...change,
});

function setUp(agent = defineAgent(adderOptions)) {
  const h = workerHarness([{ json: { sum: 3 } }], agent);
  const receive = (message: ItemMessage, by = agent) =>
    work(h.ports, by, { message, received: { extend: async () => undefined }, timeLeftMs: () => 300_000 });
  return { ...h, receive };
}

describe('items of a pipeline', () => {
  it('the first stage gets the item, the next one also the output of the one before', async () => {
    const h = setUp();
    await h.receive(item('token-a'));
    const first = h.store.all()[0];
    expect(first?.input).toEqual({ id: 'acme', numbers: [1, 2] });
    const second = defineAgent({ ...adderOptions, name: 'doubler' });
    await h.receive(item('token-b', { previous: first?.id ?? null }), second);
    expect(h.store.all()[1]?.input).toEqual({ item: { id: 'acme', numbers: [1, 2] }, previous: { sum: 3 } });
    expect(h.notifier.answers.map(({ outcome }) => outcome.status)).toEqual(['succeeded', 'succeeded']);
  });

  it('I3, I10: a run that is started again pays nothing for what has succeeded', async () => {
    const h = setUp();
    await h.receive(item('token-a'));
    await h.receive(item('token-b', { runId: 'night-1-again', item: { numbers: [1, 2], id: 'acme' } }));
    expect(h.model.requests).toHaveLength(1);
    expect(h.store.all()).toHaveLength(1);
    expect(h.notifier.answers.map(({ token, outcome }) => [token, outcome.status])).toEqual([
      ['token-a', 'succeeded'],
      ['token-b', 'succeeded'],
    ]);
  });

  it.each([
    ['another group', { group: 'tonight' }],
    ['other data', { item: { id: 'acme', numbers: [2, 2] } }],
    ['another pipeline', { workflow: 'suppliers' }],
    ['another tenant', { tenant: 'globex' }],
  ])('%s is another task', async (_, change) => {
    const h = setUp();
    await h.receive(item('token-a'));
    await h.receive(item('token-b', change));
    expect(h.store.all()).toHaveLength(2);
  });

  it('another version of the agent answers again', async () => {
    const first = defineAgent(adderOptions);
    const h = setUp(first);
    await h.receive(item('token-a'));
    await h.receive(item('token-b'), defineAgent({ ...adderOptions, version: '2', earlier: [first] }));
    expect(h.store.all().map(({ agentVersion }) => agentVersion)).toEqual(['1', '2']);
  });

  it('a task that failed is tried again by the next run, and not by a redelivery in the same run', async () => {
    const h = setUp();
    const broken = { ...h.model, invoke: () => Promise.reject(new Error('down')) };
    const deliver = (message: ItemMessage, model = h.model as typeof broken) =>
      work({ ...h.ports, model }, h.agent, {
        message,
        received: { extend: async () => undefined },
        timeLeftMs: () => 300_000,
      }).catch(() => undefined);
    await deliver(item('token-a', { deadline: h.clock.now() - 1 }), broken);
    expect(h.store.all()[0]?.state).toMatchObject({ status: 'failed', failure: { kind: 'deadline' } });
    await deliver(item('token-b'));
    expect(h.store.all()).toHaveLength(1);
    await deliver(item('token-c', { runId: 'night-1-again' }));
    expect(h.store.all().map(({ state }) => state.status)).toEqual(['failed', 'succeeded']);
  });

  it('I4: the budget is that of the run, if it is below that of the agent', async () => {
    const h = setUp();
    await h.receive(item('token-a', { maxUsd: 0.01 }));
    expect(h.store.all()[0]?.budget.usd).toBe(0.01);
  });

  it('the deadline is that of the stage, if it is before that of the agent', async () => {
    const h = setUp();
    const deadline = h.clock.now() + 5_000;
    await h.receive(item('token-a', { deadline }));
    expect(h.store.all()[0]?.deadline).toBe(deadline);
  });

  it('I8: a stage reads no other tenant’s result', async () => {
    const h = setUp();
    await h.receive(item('token-a', { tenant: 'globex' }));
    await h.receive(item('token-b', { previous: h.store.all()[0]?.id ?? null }));
    expect(h.store.all()).toHaveLength(1);
    expect(h.notifier.answers[1]?.outcome).toMatchObject({ status: 'failed', taskId: 'none' });
  });

  it('an input that is too large is a failed row with the remedy', async () => {
    const h = setUp();
    await h.receive(item('token-a', { item: { id: 'acme', text: '社'.repeat(70_000) } }));
    expect(h.notifier.answers[0]?.outcome).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining('S3') as string,
    });
  });

  it('I9: a message in the dead-letter queue, or one of another release, still answers its token', async () => {
    const h = setUp();
    expect(await failDeadLetter(h.ports, item('token-a'))).toBe('answered');
    expect(h.notifier.answers[0]).toMatchObject({ token: 'token-a', outcome: { status: 'failed' } });
    expect(tokenIn({ ...item('token-b'), type: 'later' })).toEqual({ token: 'token-b', key: 'acme' });
  });

  it('I9: a worker that dies before it has accepted an item has hidden the message for one lease only', async () => {
    const h = setUp();
    const calls: string[] = [];
    const received = { extend: async (ms: number) => void calls.push(`hide ${ms}`) };
    const store = {
      ...h.store,
      get: () => {
        calls.push('get');
        return Promise.reject(new Error('killed'));
      },
    };
    const message = item('token-a', { previous: taskIdSchema.parse('task-1') });
    await expect(
      work({ ...h.ports, store }, h.agent, { message, received, timeLeftMs: () => 300_000 }),
    ).rejects.toThrow('killed');
    expect(calls).toEqual([`hide ${LEASE_MS}`, 'get']);
  });

  it('a message that cannot be hidden is worked on all the same', async () => {
    const h = setUp();
    const received = { extend: () => Promise.reject(new Error('throttled')) };
    await work(h.ports, h.agent, { message: item('token-a'), received, timeLeftMs: () => 300_000 });
    expect(h.notifier.answers[0]?.outcome.status).toBe('succeeded');
  });

  it('a message survives JSON', () => {
    const message = item('token-a', { previous: taskIdSchema.parse('task-1'), group: null });
    expect(workMessageSchema.parse(JSON.parse(JSON.stringify(message)))).toEqual(message);
  });
});
