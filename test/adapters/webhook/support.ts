import { httpsWebhook, type HttpsWebhookOptions } from '#adapters/webhook/webhook.ts';
import { hmacSha256 } from '#adapters/node/hmac.ts';
import { signingSecret } from '#core/callbacks/signing.ts';
import type { Delivery, Webhook } from '#core/ports/webhook.ts';

export const MASTER = 'the-master-secret-of-the-test';
export const secretOf = (tenant: string, master = MASTER): string => signingSecret(hmacSha256, master, tenant);

/** A webhook with the settings of the development environment by default. */
export function webhook(options: Partial<HttpsWebhookOptions> = {}): Webhook {
  return httpsWebhook({
    masterSecret: async () => MASTER,
    clock: { now: () => Date.now() },
    privateAddresses: true,
    ...options,
  });
}

export const delivery = (url: string, change: Partial<Delivery> = {}): Delivery => ({
  id: 'agent-1/end',
  tenant: 'acme',
  url,
  body: '{"type":"task.succeeded","data":{"taskId":"agent-1","metadata":{"stadt":"Köln"}}}',
  ...change,
});
