import { setTimeout as delay } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';
import { z } from 'zod';
import { isRetryable } from '#client/transport.ts';

/** A message as the shop sends it. */
export interface ShopMessage {
  readonly id: string;
  readonly customerId: string;
  readonly threadId: string;
  readonly text: string;
}

/** What became of one sending. */
export interface Delivery {
  /** Of the task that it became; null when it was never taken. */
  readonly taskId: string | null;
  /** Answers 429 on the way, each followed by another try. */
  readonly throttles: number;
  /** Why it was not taken: the last status, or `no answer`. */
  readonly refusal: string | null;
}

const TRIES = 8;
const FIRST_PAUSE_MS = 250;
const MAX_PAUSE_MS = 10_000;
const MAX_REQUEST_MS = 35_000;

const takenSchema = z.object({ taskId: z.string() });

/**
 * Sends messages to the support system's webhook as a shop does: signed after Standard Webhooks, and again under the same
 * id where that may help.
 */
export function shopWebhook(api: string, secret: string): (message: ShopMessage) => Promise<Delivery> {
  const url = `${api}/support/messages`;
  const webhook = new Webhook(secret);
  return async (message) => {
    for (let [attempt, throttles, pauseMs] = [1, 0, FIRST_PAUSE_MS]; ; attempt += 1, pauseMs *= 2) {
      const { status, body } = await post(url, webhook, message);
      if (status === 202) return { taskId: takenSchema.parse(body).taskId, throttles, refusal: null };
      if (status === 429) throttles += 1;
      if (attempt >= TRIES || !isRetryable({ status }))
        return { taskId: null, throttles, refusal: status === 0 ? 'no answer' : String(status) };
      await delay(Math.min(MAX_PAUSE_MS, pauseMs));
    }
  };
}

/** Status 0 stands for no answer. */
async function post(url: string, webhook: Webhook, { id, ...message }: ShopMessage) {
  const [body, at] = [JSON.stringify(message), new Date()];
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': webhook.sign(id, at, body),
  };
  try {
    const signal = AbortSignal.timeout(MAX_REQUEST_MS);
    const response = await fetch(url, { method: 'POST', body, headers, signal });
    const text = await response.text();
    return { status: response.status, body: response.ok ? (JSON.parse(text) as unknown) : null };
  } catch {
    return { status: 0, body: null };
  }
}
