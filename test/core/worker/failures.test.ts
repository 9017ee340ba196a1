import { describe, expect, it } from 'vitest';
import { workerHarness } from '../../support/worker-harness.ts';

const ANSWER = { json: { sum: 3 } };
const THROTTLED = { failure: { kind: 'throttled', reason: '429', retryAfterMs: 30_000 } } as const;
const TRANSIENT = { failure: { kind: 'transient', reason: '500' } } as const;

describe('failures', () => {
  it('I5: throttling for hours costs no attempt, releases the reservation and fails no task', async () => {
    let calls = 0;
    const h = workerHarness([() => ((calls += 1) <= 200 ? THROTTLED : ANSWER)]);
    const { id } = await h.accept();
    const start = h.clock.now();
    for (let call = 0; call < 200; call += 1) {
      await h.deliver(id);
      const task = await h.task(id);
      expect(task.state).toMatchObject({ status: 'parked', cause: 'throttled' });
      expect(task.attempts).toBe(0);
      expect(task.reservation).toBeNull();
      expect(task.spend.lost.tokens).toBe(0);
      if (task.state.status === 'parked') h.clock.advance(task.state.until - h.clock.now());
    }
    expect(h.clock.now() - start).toBeGreaterThan(90 * 60_000);
    await h.deliver(id);
    expect((await h.task(id)).state.status).toBe('succeeded');
  });

  it('backs off between transient failures and fails after three attempts', async () => {
    const h = workerHarness([TRANSIENT]);
    const { id } = await h.accept({ waiter: 'token' });
    for (const attempt of [1, 2]) {
      await h.deliver(id);
      const task = await h.task(id);
      expect(task.state).toMatchObject({ status: 'parked', cause: 'backoff' });
      expect(task.attempts).toBe(attempt);
      h.clock.advance(60_000);
    }
    await h.deliver(id);
    expect((await h.task(id)).state).toMatchObject({ status: 'failed', failure: { kind: 'transient', reason: '500' } });
    expect(h.model.requests).toHaveLength(3);
    expect(h.notifier.answers[0]?.outcome).toMatchObject({ status: 'failed', reason: '500' });
  });

  it('a success between failures resets the attempts', async () => {
    const h = workerHarness([TRANSIENT, TRANSIENT, { json: { sum: 'x' } }, TRANSIENT, TRANSIENT, ANSWER]);
    const { id } = await h.accept();
    for (let turn = 0; turn < 5; turn += 1) {
      await h.deliver(id);
      h.clock.advance(60_000);
    }
    expect((await h.task(id)).state.status).toBe('succeeded');
  });

  it('a committed step resets the attempts even if the response to its write is lost', async () => {
    const h = workerHarness([TRANSIENT, TRANSIENT, { json: { sum: 'x' } }, ANSWER]);
    const { id } = await h.accept();
    for (let turn = 0; turn < 2; turn += 1) {
      await h.deliver(id);
      h.clock.advance(60_000);
    }
    const store = {
      ...h.store,
      async replace(next: Parameters<typeof h.store.replace>[0]) {
        const written = await h.store.replace(next);
        if (next.steps.length === 1 && next.state.status === 'running') throw new Error('the answer was lost');
        return written;
      },
    };
    await h.deliver(id, { store });
    expect(await h.task(id)).toMatchObject({ attempts: 1, state: { status: 'parked', cause: 'backoff' } });
    h.clock.advance(60_000);
    await h.deliver(id);
    expect((await h.task(id)).state.status).toBe('succeeded');
  });

  it('a permanent failure fails the task at once, with its reason', async () => {
    const h = workerHarness([{ failure: { kind: 'permanent', reason: 'The PDF is encrypted.' } }]);
    const { id } = await h.accept();
    await h.deliver(id);
    expect((await h.task(id)).state).toMatchObject({
      status: 'failed',
      failure: { kind: 'permanent', reason: 'The PDF is encrypted.' },
    });
  });

  it('a refusal of the model is asked and paid once, and is named', async () => {
    const h = workerHarness([{ answer: { content: [{ type: 'text', text: 'I cannot' }], stopReason: 'refusal' } }]);
    const { id } = await h.accept();
    await h.deliver(id);
    const task = await h.task(id);
    const reason = expect.stringMatching(/^The model refused to answer\./) as string;
    expect(task.state).toMatchObject({ status: 'failed', failure: { kind: 'permanent', reason } });
    expect(h.model.requests).toHaveLength(1);
    expect(task.spend.usd).toBeGreaterThan(0);
  });

  it('I4: a throttled call whose answer had begun may be billed, so it stays charged, and costs no attempt', async () => {
    const failure = { kind: 'throttled', reason: 'overloaded midway', retryAfterMs: 1_000, maybeBilled: true } as const;
    const h = workerHarness([{ failure }, ANSWER]);
    const { id } = await h.accept();
    await h.deliver(id);
    const parked = await h.task(id);
    expect(parked).toMatchObject({ attempts: 0, reservation: null, state: { status: 'parked', cause: 'throttled' } });
    expect(parked.spend.lost.tokens).toBeGreaterThan(0);
  });

  it('a task fails after its deadline, and not before', async () => {
    const h = workerHarness([THROTTLED]);
    const { id } = await h.accept({ waiter: 'token' });
    await h.deliver(id);
    h.clock.advance(h.agent.deadline * 1_000);
    expect(await h.deliver(id)).toBe('delete');
    expect((await h.task(id)).state).toMatchObject({ status: 'failed', failure: { kind: 'deadline' } });
    expect(h.notifier.answers).toHaveLength(1);
  });
});
