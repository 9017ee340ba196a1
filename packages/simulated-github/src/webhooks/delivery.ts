import { createHmac, randomUUID } from 'node:crypto';
import { isoTime, type World } from '../world/world.ts';
import type { Delivery, Event } from './types.ts';

/** GitHub sends no larger payload, and does not say so. */
export const MAX_PAYLOAD_BYTES = 25 * 1024 * 1024;

/** Sends an event to the webhook's address, if there is one. Does not wait for the answer. */
export function deliver(world: World, event: Event): void {
  if (world.webhook === undefined) return;
  const body = JSON.stringify(event.payload);
  if (Buffer.byteLength(body) > MAX_PAYLOAD_BYTES) return;
  const fault = world.deliveryFaults.shift();
  const guid = randomUUID();
  attempt(world, { guid, event, body, redelivery: false, lost: fault === 'lost' });
  if (fault === 'twice') attempt(world, { guid, event, body, redelivery: false, lost: false });
}

/** Sends a delivery again, with its GUID and its body. */
export function redeliver(world: World, { guid, event, body }: Delivery): Delivery | undefined {
  return attempt(world, { guid, event, body, redelivery: true, lost: false });
}

interface Attempt extends Pick<Delivery, 'guid' | 'event' | 'body' | 'redelivery'> {
  readonly lost: boolean;
}

function attempt(world: World, { lost, ...wanted }: Attempt): Delivery | undefined {
  if (world.webhook === undefined) return undefined;
  const { url, secret } = world.webhook;
  const delivery: Delivery = {
    ...wanted,
    id: world.newId(),
    deliveredAt: world.now(),
    url,
    requestHeaders: {
      accept: '*/*',
      'content-type': 'application/json',
      'user-agent': 'GitHub-Hookshot/51a1e1e',
      'x-github-delivery': wanted.guid,
      'x-github-event': wanted.event.name,
      'x-github-hook-id': String(world.options.app.id),
      'x-github-hook-installation-target-id': String(world.options.app.id),
      'x-github-hook-installation-target-type': 'integration',
      'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(wanted.body).digest('hex')}`,
    },
    duration: 0,
    status: 'pending',
    statusCode: 0,
    responseHeaders: {},
    responseBody: '',
    ended: Promise.resolve(),
  };
  world.deliveries.push(delivery);
  if (lost) delivery.status = 'failed to connect to host';
  else delivery.ended = post(world, delivery);
  return delivery;
}

async function post(world: World, delivery: Delivery): Promise<void> {
  const startedAt = performance.now();
  try {
    const { url, requestHeaders, body } = delivery;
    const signal = AbortSignal.timeout(world.options.deliveryTimeoutMs);
    const response = await fetch(url, { method: 'POST', headers: requestHeaders, body, signal, redirect: 'manual' });
    delivery.responseBody = (await response.text()).slice(0, 10_000);
    delivery.responseHeaders = Object.fromEntries(response.headers);
    delivery.statusCode = response.status;
    delivery.status = response.ok ? 'OK' : `Invalid HTTP Response: ${response.status}`;
  } catch (error) {
    const late = error instanceof Error && error.name === 'TimeoutError';
    delivery.status = late ? 'timed out' : 'failed to connect to host';
  }
  delivery.duration = Math.round((performance.now() - startedAt) / 10) / 100;
}

/** A delivery as `GET /app/hook/deliveries` lists it. */
export function deliveryItemView(delivery: Delivery): Record<string, unknown> {
  const { id, guid, event, redelivery, deliveredAt, duration, status, statusCode } = delivery;
  return {
    id,
    guid,
    delivered_at: isoTime(deliveredAt),
    redelivery,
    duration,
    status,
    status_code: statusCode,
    event: event.name,
    action: event.action,
    installation_id: event.installation?.id ?? null,
    repository_id: event.repository?.id ?? null,
    throttled_at: null,
  };
}

/** A delivery with its request and response, as `GET /app/hook/deliveries/{id}` returns it. */
export const deliveryView = (delivery: Delivery): Record<string, unknown> => ({
  ...deliveryItemView(delivery),
  url: delivery.url,
  request: { headers: delivery.requestHeaders, payload: delivery.event.payload },
  response: { headers: delivery.responseHeaders, payload: delivery.responseBody },
});
