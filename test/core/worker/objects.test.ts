import { describe, expect, it } from 'vitest';
import { defineAgent } from '../../../core/agents/define-agent.ts';
import type { WorkMessage } from '../../../core/worker/message.ts';
import { work } from '../../../core/worker/work.ts';
import { adderOptions, workerHarness } from '../../support/worker-harness.ts';

const object = (key: string, taskToken: string, size = 3): WorkMessage => ({
  type: 'object',
  runId: 'run-1',
  request: { id: 'upload-1', retry: 0 },
  object: { bucket: 'uploads', key, etag: 'tag', size },
  taskToken,
});

function setUp(agent = defineAgent(adderOptions)) {
  const h = workerHarness([{ json: { sum: 3 } }], agent);
  const receive = (message: WorkMessage) =>
    work(h.ports, agent, { message, received: { extend: async () => undefined }, timeLeftMs: () => 300_000 });
  return { ...h, receive };
}

describe('uploaded objects', () => {
  it('equal bytes under two names are one task, and both tokens are answered', async () => {
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

  it('does not read an object that is too large for the agent, which is asked all the same', async () => {
    const h = setUp(defineAgent({ ...adderOptions, maxObjectBytes: 2 }));
    await h.receive(object('large.pdf', 'token'));
    expect(h.store.all()[0]?.input).toEqual({ object: { bucket: 'uploads', key: 'large.pdf', size: 3 } });
    expect(h.notifier.answers).toHaveLength(1);
  });

  it('makes a task of an object that is gone, so that its row can say so', async () => {
    const h = setUp();
    await h.receive(object('gone.pdf', 'token'));
    expect(h.store.all()).toHaveLength(1);
    expect(h.notifier.answers).toHaveLength(1);
  });
});
