import { describe, expect, it } from 'vitest';
import { apply } from '../../../core/tasks/apply.ts';
import { cancel } from '../../../core/tasks/finish.ts';
import { workerHarness } from '../../support/worker-harness.ts';

describe('a request to cancel', () => {
  it('I1: that comes just before the worker parks is honoured, not forgotten', async () => {
    const h = workerHarness([{ failure: { kind: 'throttled', reason: '429', retryAfterMs: 60_000 } }]);
    const { id } = await h.accept({ waiter: 'token' });
    const model = {
      ...h.model,
      async invoke(request: Parameters<typeof h.model.invoke>[0]) {
        await apply(h.store, await h.task(id), (task) => cancel(task, h.clock.now()));
        return h.model.invoke(request);
      },
    };
    expect(await h.deliver(id, { model })).toBe('delete');
    expect((await h.task(id)).state.status).toBe('cancelled');
    expect(h.notifier.heard('token').status).toBe('cancelled');
  });

  it('I1: that the worker has not seen when it yields is honoured too', async () => {
    const h = workerHarness([{ json: { sum: 3 } }]);
    const { id } = await h.accept({ waiter: 'token' });
    const store = {
      ...h.store,
      // Another writer is first, right before the worker lets go.
      async replace(next: Parameters<typeof h.store.replace>[0]) {
        if (next.state.status === 'parked') {
          await apply(h.store, await h.task(id), (task) => cancel(task, h.clock.now()));
        }
        return h.store.replace(next);
      },
    };
    expect(await h.deliver(id, { store }, 5_000)).toBe('delete');
    expect((await h.task(id)).state.status).toBe('cancelled');
    expect(h.notifier.heard('token').status).toBe('cancelled');
  });
});
