import { setTimeout as delay } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';
import { z } from 'zod';
import { isRetryable } from '#client/transport.ts';

/** A message, as the shop sends it. */
export interface ShopMessage {
  readonly id: string;
  readonly customerId: string;
  readonly threadId: string;
  readonly text: string;
}

/** The result of sending a message. */
export interface Delivery {
  /** Id of the message's task; null if the message was not accepted. */
  readonly taskId: string | null;
  /** 429 responses received. */
  readonly throttles: number;
  /** Why the message was not accepted: the last status, or `no answer`. */
  readonly refusal: string | null;
}

const MAX_ATTEMPTS = 8;
const FIRST_PAUSE_MS = 250;
const MAX_PAUSE_MS = 10_000;
const MAX_REQUEST_MS = 35_000;

const acceptedSchema = z.object({ taskId: z.string() });

/**
 * Sends messages to the support system's webhook as a shop does: signed according to Standard Webhooks. Retries under the
 * same id where a retry may succeed.
 */
export function shopWebhook(api: string, secret: string): (message: ShopMessage) => Promise<Delivery> {
  const url = `${api}/support/messages`;
  return async (message) => {
    for (let [attempt, throttles, pauseMs] = [1, 0, FIRST_PAUSE_MS]; ; attempt += 1, pauseMs *= 2) {
      const { status, body } = await post(url, secret, message);
      if (status === 202) return { taskId: acceptedSchema.parse(body).taskId, throttles, refusal: null };
      if (status === 429) throttles += 1;
      if (attempt >= MAX_ATTEMPTS || !isRetryable({ status }))
        return { taskId: null, throttles, refusal: status === 0 ? 'no answer' : String(status) };
      await delay(Math.min(MAX_PAUSE_MS, pauseMs));
    }
  };
}

/** The headers of a message, signed according to Standard Webhooks. @param at when it is sent @default now */
export function signedHeaders(secret: string, id: string, body: string, at = new Date()): Record<string, string> {
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': new Webhook(secret).sign(id, at, body),
  };
}

/** Status 0: no response. */
async function post(url: string, secret: string, { id, ...message }: ShopMessage) {
  const body = JSON.stringify(message);
  const headers = signedHeaders(secret, id, body);
  try {
    const signal = AbortSignal.timeout(MAX_REQUEST_MS);
    const response = await fetch(url, { method: 'POST', body, headers, signal });
    const text = await response.text();
    return { status: response.status, body: response.ok ? (JSON.parse(text) as unknown) : null };
  } catch {
    return { status: 0, body: null };
  }
}
