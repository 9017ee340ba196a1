import type { Ids } from '../ports/ids.ts';
import type { DeliveryResult, Webhook } from '../ports/webhook.ts';
import { webhookId } from './event.ts';
import type { CallbackMessage } from './event.ts';
import { CALLBACK_ATTEMPTS, callbackWaitMs } from './schedule.ts';

/** What happens to a callback after a delivery. */
export type CallbackFate =
  /** It arrived, or its receiver wants no more (410 Gone). */
  | { readonly kind: 'delivered' | 'gone'; readonly result: DeliveryResult }
  | { readonly kind: 'retry'; readonly result: DeliveryResult; readonly waitMs: number }
  /** The last delivery failed: a dead letter. */
  | { readonly kind: 'dead'; readonly result: DeliveryResult };

/**
 * Delivers a callback once and returns what happens to it next. @param attempt deliveries, this one included, from 1
 */
export async function deliverCallback(
  { webhook, ids }: { readonly webhook: Webhook; readonly ids: Pick<Ids, 'random'> },
  { taskId, tenant, url, event }: CallbackMessage,
  attempt: number,
): Promise<CallbackFate> {
  const result = await webhook.deliver({ id: webhookId(taskId), tenant, url, body: JSON.stringify(event) });
  return fateOf(result, attempt, ids.random());
}

/** As the Standard Webhooks specification says: 2xx is delivered, 410 is never retried, anything else is retried. */
export function fateOf(result: DeliveryResult, attempt: number, random: number): CallbackFate {
  if (result.kind === 'answered') {
    if (result.status >= 200 && result.status < 300) return { kind: 'delivered', result };
    if (result.status === 410) return { kind: 'gone', result };
  }
  if (attempt >= CALLBACK_ATTEMPTS) return { kind: 'dead', result };
  const asked = result.kind === 'answered' ? result.retryAfterMs : undefined;
  return { kind: 'retry', result, waitMs: callbackWaitMs(attempt, random, asked) };
}
