import { describe, expect, it } from 'vitest';
import { newPace } from '#core/governor/pace.ts';
import { workerHarness } from '../../support/worker-harness.ts';

const ANSWER = { json: { sum: 3 } };
const MODEL = 'claude-haiku-5-5';

/** A harness whose model is called once per second, with slots already given for this many milliseconds. */
async function tight(aheadMs: number) {
  const h = workerHarness([ANSWER]);
  const taken = { requests: h.clock.now() + aheadMs, inputTokens: 0, outputTokens: 0 };
  const limits = { requests: 60, inputTokens: null, outputTokens: null };
  await h.paces.replace({ ...newPace(MODEL), version: 1, tight: true, limits, taken, correctedAt: h.clock.now() });
  return h;
}

describe('a model call waits for its slot', () => {
  it('the worker waits for a slot within two seconds, and the wait does not count as call time', async () => {
    const h = await tight(1_500);
    // Like the real clock, this one has fractions of milliseconds.
    const clock = { ...h.clock, elapsed: () => h.clock.elapsed() + (h.clock.elapsed() > 0 ? 0.52354 : 0) };
    const { id } = await h.accept();
    const delivered = h.deliver(id, { clock }, 100_000);
    for (let step = 0; step < 200; step += 1) {
      await Promise.resolve();
      if (step === 150) h.clock.advance(1_500);
    }
    await delivered;
    expect((await h.task(id)).state.status).toBe('succeeded');
    expect(h.model.requests[0]?.timeoutMs).toBe(95_000 - 1_501);
    expect(h.events).toContainEqual({ type: 'slot.given', model: MODEL, ms: 1_500, parked: false });
  });

  it('I5: a task parks for a later slot and keeps it, which costs no attempt', async () => {
    const h = await tight(10_000);
    // It has waited long enough to reach this slot.
    const { id } = await h.accept({ createdAt: h.clock.now() - 3_600_000 });
    await h.deliver(id);
    const parked = await h.task(id);
    const at = h.clock.now() + 10_000;
    expect(parked).toMatchObject({ attempts: 0, reservation: null, slot: { model: MODEL, at } });
    expect(parked.state).toEqual({ status: 'parked', cause: 'throttled', until: at, since: h.clock.now() });
    const version = (await h.paces.read(MODEL))?.version;
    h.clock.advance(10_000);
    await h.deliver(id);
    const ended = await h.task(id);
    expect(ended.state.status).toBe('succeeded');
    expect(ended.slot).toBeUndefined();
    expect((await h.paces.read(MODEL))?.version).toBe(version);
  });

  it('I5: a task whose slot is beyond the horizon parks for a while and uses no slot', async () => {
    const h = await tight(30_000);
    const { id } = await h.accept();
    await h.deliver(id);
    const parked = await h.task(id);
    expect(parked.state).toMatchObject({ status: 'parked', cause: 'throttled' });
    expect(parked.slot).toBeUndefined();
    expect((await h.paces.read(MODEL))?.version).toBe(1);
    expect(h.model.requests).toHaveLength(0);
  });

  it('G5: a 429 delays all other calls until the time the provider names', async () => {
    const h = workerHarness([{ failure: { kind: 'throttled', reason: '429', retryAfterMs: 7_000 } }, ANSWER]);
    await h.deliver((await h.accept()).id);
    expect((await h.paces.read(MODEL))?.blockedUntil).toBe(h.clock.now() + 7_000);
    const other = await h.accept({ idempotencyKey: 'other' });
    await h.deliver(other.id);
    expect(h.model.requests).toHaveLength(1);
    expect((await h.task(other.id)).state).toMatchObject({ status: 'parked', cause: 'throttled' });
  });

  it('fails open: a governor that cannot be read or written stops no call', async () => {
    const h = workerHarness([ANSWER]);
    const down = async (): Promise<never> => Promise.reject(new Error('down'));
    h.paces.read = down;
    h.paces.replace = down;
    const { id } = await h.accept();
    await h.deliver(id);
    expect((await h.task(id)).state.status).toBe('succeeded');
  });
});
