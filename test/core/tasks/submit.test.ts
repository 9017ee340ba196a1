import { describe, expect, it } from 'vitest';
import { workerHarness } from '../../support/worker-harness.ts';

const FAILS = { failure: { kind: 'permanent', reason: 'no' } } as const;

describe('submitting a task', () => {
  it('I10: the same key is the same task', async () => {
    const h = workerHarness([{ json: { sum: 1 } }]);
    expect((await h.accept()).id).toBe((await h.accept({ request: { id: 'other', retry: 0 } })).id);
    expect((await h.accept({ idempotencyKey: 'another' })).id).not.toBe((await h.accept()).id);
    expect((await h.accept({ tenant: 'another' })).id).not.toBe((await h.accept()).id);
  });

  it('retries a failed task for a later request and for a retry, but not for its own request', async () => {
    const h = workerHarness([FAILS]);
    const first = await h.accept();
    await h.deliver(first.id);
    expect((await h.accept()).id).toBe(first.id);
    const retried = await h.accept({ request: { id: 'request', retry: 1 } });
    expect(retried.id).not.toBe(first.id);
    expect((await h.accept({ request: { id: 'request', retry: 1 } })).id).toBe(retried.id);
    await h.deliver(retried.id);
    expect((await h.accept({ request: { id: 'tomorrow', retry: 0 } })).id).not.toBe(retried.id);
  });

  it('never retries a task that succeeded', async () => {
    const h = workerHarness([{ json: { sum: 1 } }]);
    const { id } = await h.accept();
    await h.deliver(id);
    expect((await h.accept({ request: { id: 'tomorrow', retry: 0 } })).id).toBe(id);
  });
});
