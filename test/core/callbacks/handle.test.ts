import { describe, expect, it } from 'vitest';
import { handleCallback, type Received } from '#core/callbacks/handle.ts';
import { Receivers } from '#core/callbacks/receivers.ts';
import { CALLBACK_ATTEMPTS, DOWN_MS, MAX_HIDDEN_MS } from '#core/callbacks/schedule.ts';
import { wakeCallbacks, wakeEveryCallback } from '#core/callbacks/wake.ts';
import type { CallbackMessage } from '#core/callbacks/event.ts';
import type { DeliveryResult } from '#core/ports/webhook.ts';
import { taskIdSchema } from '#core/tasks/task-id.ts';
import { NOW, sampleCallback } from '../../contract/samples.ts';
import { inMemoryCallbackQueue } from '../../support/fakes/in-memory-callback-queue.ts';
import { inMemoryCallbackStore } from '../../support/fakes/in-memory-callback-store.ts';
import { manualClock } from '../../support/fakes/manual-clock.ts';

const MINUTE_MS = 60_000;

const BUSY: DeliveryResult = { kind: 'answered', status: 503 };
const SILENT: DeliveryResult = { kind: 'failed', failure: 'timeout', reason: 'too slow' };

function harness(result: DeliveryResult, random = () => 0) {
  const clock = manualClock();
  clock.set(NOW);
  const urls: string[] = [];
  const store = inMemoryCallbackStore();
  const queue = inMemoryCallbackQueue();
  const receiver: { result: DeliveryResult | Error } = { result };
  const webhook = {
    deliver: async ({ url }: { url: string }): Promise<DeliveryResult> => {
      if (receiver.result instanceof Error) throw receiver.result;
      urls.push(url);
      return receiver.result;
    },
  };
  const ports = { webhook, store, receivers: new Receivers(), clock, ids: { random, digest: () => '' } };
  const handle = (message: CallbackMessage, at: Partial<Received> = {}) =>
    handleCallback(ports, message, { receives: 1, sentAt: clock.now(), ...at });
  const wake = () => wakeCallbacks({ store, queue, clock }, () => MINUTE_MS);
  return { clock, urls, store, queue, receiver, handle, wake };
}

describe('a callback whose receiver fails', () => {
  it('is hidden in the queue for up to 15 minutes, and parked in the table for longer', async () => {
    const { store, handle } = harness(BUSY);
    const callback = sampleCallback();
    expect(await handle(callback, { receives: 4 })).toMatchObject({ attempt: 4, hideMs: 320_000 });
    expect(store.all()).toEqual([]);
    expect(await handle(callback, { receives: 5 })).toMatchObject({ attempt: 5, hideMs: null });
    const [parked] = store.all();
    expect(parked).toEqual({ callback, attempts: 5, dueAt: NOW + 1_280_000 });
    expect(1_280_000).toBeGreaterThan(MAX_HIDDEN_MS);
  });

  it('gets all its attempts over a day, and is then given back until the queue makes it a dead letter', async () => {
    const { clock, urls, store, queue, handle, wake } = harness(BUSY);
    let message = sampleCallback();
    let receives = 1;
    for (let attempt = 1; attempt < CALLBACK_ATTEMPTS; attempt += 1) {
      const { hideMs } = await handle(message, { receives });
      clock.advance(hideMs ?? 6 * 3_600_000);
      receives += 1;
      if (hideMs !== null) continue;
      expect(await wake()).toBe(1);
      message = queue.sent.at(-1) ?? message;
      receives = 1;
    }
    expect(await handle(message)).toMatchObject({ fate: { kind: 'dead' }, attempt: CALLBACK_ATTEMPTS, hideMs: 0 });
    expect(await handle(message, { receives: 2 })).toMatchObject({ fate: { kind: 'dead-before' }, hideMs: 0 });
    expect(urls).toHaveLength(CALLBACK_ATTEMPTS);
    expect(store.all()).toEqual([]);
  });

  it('gets all its attempts again after a redrive, which sends the same message later', async () => {
    const { handle } = harness(BUSY);
    const message = { ...sampleCallback(), earlier: { attempts: 10, sentAt: NOW } };
    expect(await handle(message)).toMatchObject({ fate: { kind: 'dead' }, attempt: 11 });
    expect(await handle(message, { sentAt: NOW + 3_600_000 })).toMatchObject({ fate: { kind: 'retry' }, attempt: 1 });
  });
});

describe('an error on our side, such as a signing secret that cannot be read', () => {
  const noSecret = new Error('AccessDenied');

  /** Handles and wakes a callback until a time has passed. Returns what it is then. */
  async function triedFor(ms: number, message: CallbackMessage) {
    const { clock, store, queue, receiver, urls, handle, wake } = harness(BUSY);
    receiver.result = noSecret;
    const end = NOW + ms;
    let [next, broken] = [message, 0];
    while (clock.now() < end) {
      const handled = await handle(next);
      if (handled.fate.kind === 'broken') broken += 1;
      if (handled.hideMs !== null) return { ...handled, broken, clock };
      clock.set(store.all()[0]?.dueAt ?? end);
      await wake();
      next = queue.sent.at(-1) ?? next;
    }
    receiver.result = BUSY;
    return { ...(await handle(next)), broken, urls, clock };
  }

  it('spends no attempt within a day, and the callback is tried again every few minutes', async () => {
    const { fate, attempt, broken } = await triedFor(24 * 60 * MINUTE_MS, sampleCallback());
    expect([fate.kind, attempt]).toEqual(['retry', 1]);
    expect(broken).toBe((24 * 60) / 3);
  });

  it('keeps the attempts that were made before', async () => {
    const made = { ...sampleCallback(), earlier: { attempts: 4, sentAt: NOW } };
    expect(await triedFor(60 * MINUTE_MS, made)).toMatchObject({ fate: { kind: 'retry' }, attempt: 5 });
  });

  it('counts two days after the end of the task, so that no callback waits for ever', async () => {
    const { fate, attempt, hideMs, clock } = await triedFor(30 * 24 * 60 * MINUTE_MS, sampleCallback());
    expect([fate.kind, attempt, hideMs]).toEqual(['broken', CALLBACK_ATTEMPTS, 0]);
    expect((clock.now() - NOW) / (24 * 60 * MINUTE_MS)).toBeCloseTo(2, 1);
  });

  it('is thrown only if the table cannot keep the callback either', async () => {
    const { store, receiver, handle } = harness(BUSY);
    receiver.result = noSecret;
    store.park = () => Promise.reject(new Error('no table'));
    await expect(handle(sampleCallback())).rejects.toThrow('no table');
  });
});

describe('a receiver that never answers', () => {
  it('is left alone for a minute after three deliveries, without an attempt being counted', async () => {
    const { clock, urls, store, receiver, handle } = harness(SILENT);
    for (let times = 0; times < 3; times += 1) await handle(sampleCallback());
    const next = sampleCallback();
    expect(await handle(next, { receives: 2 })).toMatchObject({ fate: { kind: 'left-alone' }, hideMs: null });
    expect(urls).toHaveLength(3);
    expect(store.all()).toEqual([{ callback: next, attempts: 1, leftAlone: 1, dueAt: NOW + DOWN_MS }]);
    clock.advance(DOWN_MS);
    receiver.result = { kind: 'answered', status: 200 };
    expect(await handle(next)).toMatchObject({ fate: { kind: 'delivered' } });
  });

  it('is left alone twice as long each time, up to half an hour, and loses no attempt', async () => {
    const { clock, urls, store, queue, handle, wake } = harness(SILENT);
    let next = sampleCallback();
    const minutes: number[] = [];
    for (let times = 0; times < 7; times += 1) {
      for (let others = times === 0 ? 3 : 1; others > 0; others -= 1) await handle(sampleCallback());
      const before = clock.now();
      expect(await handle(next)).toMatchObject({ fate: { kind: 'left-alone' }, attempt: 1 });
      const dueAt = store.all()[0]?.dueAt ?? 0;
      minutes.push((dueAt - before) / 60_000);
      clock.set(dueAt);
      expect(await wake()).toBe(1);
      next = queue.sent.at(-1) ?? next;
    }
    expect(minutes).toEqual([1, 2, 4, 8, 16, 30, 30]);
    expect(next.earlier).toEqual({ attempts: 0, leftAlone: 7, sentAt: clock.now() });
    expect(urls).toHaveLength(9);
    // Its attempts go on, and a redrive at another time begins again.
    expect(await handle(next, { receives: 5 })).toMatchObject({ fate: { kind: 'retry' }, attempt: 5, hideMs: null });
    expect(store.all()).toMatchObject([{ attempts: 5, leftAlone: 7 }]);
  });

  it('has thousands of callbacks that come back at different times', async () => {
    const { clock, store, handle } = harness(SILENT, Math.random);
    for (let times = 0; times < 3; times += 1) await handle(sampleCallback());
    for (let times = 0; times < 1_000; times += 1) await handle(sampleCallback());
    const late = store.all().map(({ dueAt }) => (dueAt - clock.now()) / DOWN_MS);
    expect(Math.min(...late)).toBeGreaterThanOrEqual(1);
    expect(Math.max(...late)).toBeLessThanOrEqual(1.25);
    expect(new Set(late).size).toBeGreaterThan(900);
  });

  it('delays neither another tenant nor another receiver', async () => {
    const { handle } = harness(SILENT);
    for (let times = 0; times < 3; times += 1) await handle(sampleCallback());
    expect(await handle(sampleCallback('other'))).toMatchObject({ fate: { kind: 'retry' } });
    expect(await handle(sampleCallback('acme', 'https://second.example/'))).toMatchObject({ fate: { kind: 'retry' } });
  });

  it('is there again as soon as it answers anything', async () => {
    const { receiver, handle } = harness(SILENT);
    for (let times = 0; times < 2; times += 1) await handle(sampleCallback());
    receiver.result = BUSY;
    await handle(sampleCallback());
    receiver.result = SILENT;
    for (let times = 0; times < 2; times += 1) await handle(sampleCallback());
    expect(await handle(sampleCallback())).toMatchObject({ fate: { kind: 'retry' } });
  });
});

describe('waking parked callbacks', () => {
  it('sends what is due and removes it, and leaves the rest', async () => {
    const { clock, store, queue, wake } = harness(BUSY);
    const [due, later] = [sampleCallback(), sampleCallback()];
    await store.park({ callback: due, attempts: 5, dueAt: NOW });
    await store.park({ callback: later, attempts: 5, dueAt: NOW + 1 });
    expect(await wake()).toBe(1);
    expect(queue.sent).toEqual([{ ...due, earlier: { attempts: 5, sentAt: clock.now() } }]);
    expect(store.all()).toMatchObject([{ callback: { taskId: later.taskId } }]);
  });

  it('I6: sends a callback again when a crash kept it from being removed', async () => {
    const { clock, store, queue } = harness(BUSY);
    await store.park({ callback: sampleCallback(), attempts: 5, dueAt: NOW });
    const crashes = { ...store, remove: () => Promise.reject(new Error('crash')) };
    await expect(wakeCallbacks({ store: crashes, queue, clock }, () => MINUTE_MS)).rejects.toThrow('crash');
    expect(await wakeCallbacks({ store, queue, clock }, () => MINUTE_MS)).toBe(1);
    expect(queue.sent).toHaveLength(2);
    expect(store.all()).toEqual([]);
  });

  it('stops when its time is up', async () => {
    const { clock, store, queue } = harness(BUSY);
    for (let number = 0; number < 3; number += 1)
      await store.park({ callback: sampleCallback(), attempts: 5, dueAt: NOW });
    expect(await wakeCallbacks({ store, queue, clock }, () => 0)).toBe(0);
    expect(store.all()).toHaveLength(3);
  });

  it('serves the tenants in turn: one callback is not behind the 50,000 of another tenant', async () => {
    const { store, queue, clock } = harness(BUSY);
    const body = sampleCallback('flood');
    for (let number = 0; number < 50_000; number += 1) {
      await store.park({
        callback: { ...body, taskId: taskIdSchema.parse(`flood-${number}`) },
        attempts: 5,
        dueAt: NOW - number,
      });
    }
    const one = sampleCallback('other');
    await store.park({ callback: one, attempts: 5, dueAt: NOW });
    const sent = await wakeCallbacks({ store, queue, clock }, () => (queue.sent.length < 100 ? MINUTE_MS : 0));
    expect(sent).toBeLessThan(200);
    const order = queue.sent.map(({ tenant }) => tenant);
    expect(order.indexOf('other')).toBeLessThan(2);
    // Within a tenant the longest overdue comes first.
    expect(queue.sent.find(({ tenant }) => tenant === 'flood')?.taskId).toBe('flood-49999');
  });

  it('keeps half of its time for sending, however many are due', async () => {
    const { store, queue, clock } = harness(BUSY);
    const due = sampleCallback();
    await store.park({ callback: due, attempts: 1, dueAt: NOW - 1 });
    let left = MINUTE_MS;
    async function* endless() {
      for (;;) {
        left -= 1_000;
        yield { taskId: due.taskId, tenant: due.tenant };
      }
    }
    const slow = { due: endless, get: store.get.bind(store), remove: store.remove.bind(store) };
    expect(await wakeCallbacks({ store: slow, queue, clock }, () => left)).toBe(1);
    expect(left).toBeGreaterThanOrEqual(MINUTE_MS / 2 - 1_000);
    expect(queue.sent).toHaveLength(1);
  });

  it('sends everything before a rollback, also what is not due', async () => {
    const { store, queue, clock } = harness(BUSY);
    const later = sampleCallback();
    await store.park({ callback: later, attempts: 0, leftAlone: 2, dueAt: NOW + 3_600_000 });
    await store.park({ callback: sampleCallback(), attempts: 5, dueAt: NOW - 1 });
    expect(await wakeEveryCallback({ store, queue, clock })).toBe(2);
    expect(queue.sent).toContainEqual({ ...later, earlier: { attempts: 0, leftAlone: 2, sentAt: NOW } });
    expect(store.all()).toEqual([]);
  });
});
