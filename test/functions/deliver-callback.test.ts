import type { SQSRecord } from 'aws-lambda';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { httpsWebhook } from '#adapters/webhook/webhook.ts';
import { callbackOf } from '#core/callbacks/event.ts';
import { CALLBACK_ATTEMPTS, MAX_HIDDEN_MS } from '#core/callbacks/schedule.ts';
import type { Delivery, DeliveryResult } from '#core/ports/webhook.ts';
import { logger, metrics } from '#runtime/observability/telemetry.ts';
import { attempt } from '#functions/deliver-callback/attempt.ts';
import { Receivers } from '#core/callbacks/receivers.ts';
import { NOW, sampleTask } from '../contract/samples.ts';
import { inMemoryCallbackStore } from '../support/fakes/in-memory-callback-store.ts';

const ended = { status: 'cancelled', finishedAt: NOW, notified: false } as const;
const task = sampleTask({ callback: { url: 'https://receiver.example/secret-path?key=secret' }, state: ended });
const message = JSON.stringify(callbackOf(task, ended));

const record = (body: string, receives: number) =>
  ({
    messageId: 'm-1',
    body,
    attributes: { ApproximateReceiveCount: String(receives), SentTimestamp: String(NOW) },
  }) as unknown as SQSRecord;
const lines: string[] = [];

/** Attempts a delivery once, with a receiver that responds like this. */
async function attempted(result: DeliveryResult, count: number, body = message) {
  const deliveries: Delivery[] = [];
  const deliver = async (delivery: Delivery): Promise<DeliveryResult> => {
    deliveries.push(delivery);
    return result;
  };
  const store = inMemoryCallbackStore();
  const ports = { webhook: { deliver }, ids: { random: () => 0, digest: () => '' }, clock: { now: () => NOW } };
  const waitMs = await attempt({ ...ports, store, receivers: new Receivers() }, record(body, count));
  return { waitMs, deliveries };
}

beforeEach(() => {
  lines.length = 0;
  for (const level of ['info', 'warn', 'error'] as const) {
    vi.spyOn(logger, level).mockImplementation((...line: unknown[]) => void lines.push(JSON.stringify(line)));
  }
});
afterEach(() => vi.restoreAllMocks());

it('a delivered or unwanted callback is finished', async () => {
  expect((await attempted({ kind: 'answered', status: 202 }, 1)).waitMs).toBeNull();
  expect((await attempted({ kind: 'answered', status: 410 }, 1)).waitMs).toBeNull();
});

it('a failed callback waits for its next attempt, with the same id and body', async () => {
  const first = await attempted({ kind: 'answered', status: 500 }, 1);
  const third = await attempted({ kind: 'failed', failure: 'timeout', reason: 'too slow' }, 3);
  expect([first.waitMs, third.waitMs]).toEqual([5_000, 80_000]);
  expect(first.deliveries).toEqual(third.deliveries);
  expect(first.deliveries[0]).toMatchObject({ id: `${task.id}/end`, tenant: task.tenant });
});

it('a callback that fails its last attempt becomes a dead letter at once', async () => {
  expect((await attempted({ kind: 'answered', status: 500 }, CALLBACK_ATTEMPTS)).waitMs).toBe(0);
  expect(lines.join('\n')).toContain('callback.dead');
});

it.each(['not JSON', '{}', message.replace('task.cancelled', 'imagined')])(
  'an unreadable message becomes a dead letter and is not sent: %#',
  async (body) => {
    const { waitMs, deliveries } = await attempted({ kind: 'answered', status: 200 }, 1, body);
    expect(waitMs).toBe(0);
    expect(deliveries).toEqual([]);
  },
);

it('an event of a newer release is delivered as it is, with kinds and fields that this one does not know', async () => {
  const { event, ...rest } = JSON.parse(message) as { event: { data: object } };
  const newer = {
    ...event,
    type: 'task.suspended',
    data: { ...event.data, status: 'suspended', until: NOW },
    hint: 'h',
  };
  const body = JSON.stringify({ ...rest, event: newer, schema: 7 });
  const { waitMs, deliveries } = await attempted({ kind: 'answered', status: 200 }, 1, body);
  expect(waitMs).toBeNull();
  expect(deliveries.map((delivery) => JSON.parse(delivery.body) as unknown)).toEqual([newer]);
});

it('a signing secret that cannot be read is counted as broken, and the callback waits in the table', async () => {
  const counted = vi.spyOn(metrics, 'addMetric').mockReturnValue(undefined as never);
  const clock = { now: () => NOW };
  const masterSecret = () => Promise.reject(new Error('The secret fleet/callback-signing has no signing secret.'));
  const store = inMemoryCallbackStore();
  const ports = { ids: { random: () => 0, digest: () => '' }, clock, store, receivers: new Receivers() };
  const webhook = httpsWebhook({ clock, masterSecret, privateAddresses: true });
  expect(await attempt({ ...ports, webhook }, record(message, 1))).toBeNull();
  expect(store.all()).toMatchObject([{ attempts: 0, dueAt: NOW + 180_000 }]);
  expect(counted.mock.calls).toEqual([['CallbacksBroken', 'Count', 1]]);
  expect(lines.join('\n')).toContain('callback.broken');
});

it('without secret and table the queue hides it, for more than two hours before it is a dead letter', async () => {
  const counted = vi.spyOn(metrics, 'addMetric').mockReturnValue(undefined as never);
  const fails = () => Promise.reject(new Error('AWS has a problem.'));
  const store = { ...inMemoryCallbackStore(), park: fails };
  const ports = { ids: { random: () => 0, digest: () => '' }, clock: { now: () => NOW }, receivers: new Receivers() };
  const waits: number[] = [];
  for (let receives = 1; receives < CALLBACK_ATTEMPTS; receives += 1) {
    const hideMs = await attempt({ ...ports, store, webhook: { deliver: fails } }, record(message, receives));
    waits.push(hideMs ?? 0);
  }
  expect(waits.reduce((all, ms) => all + ms, 0)).toBeGreaterThan(2 * 3_600_000);
  expect(Math.max(...waits)).toBeLessThanOrEqual(MAX_HIDDEN_MS);
  expect(counted.mock.calls.every(([name]) => name === 'CallbacksBroken')).toBe(true);
  expect(counted).toHaveBeenCalledTimes(waits.length);
});

it('the log has the task and the host, but no other part of the URL', async () => {
  await attempted({ kind: 'answered', status: 400, excerpt: 'no such hook' }, 2);
  const log = lines.join('\n');
  expect(log).toContain(task.id);
  expect(log).toContain('receiver.example');
  expect(log).toContain('no such hook');
  expect(log).not.toContain('secret');
});
