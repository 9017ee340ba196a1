import { Webhook as Signer } from 'standardwebhooks';
import { masterSecrets, signingSecret } from '#core/callbacks/signing.ts';
import type { Delivery, Webhook } from '#core/ports/webhook.ts';
import { hmacSha256 } from '../node/hmac.ts';
import { safePost, type SafePostOptions } from './safe-post.ts';

export interface HttpsWebhookOptions extends SafePostOptions {
  /** The fleet's master secret, or several separated by spaces during a rotation (core/callbacks/signing.ts). */
  readonly masterSecret: () => Promise<string>;
}

const USER_AGENT = 'agent-fleet-callbacks/1';

/**
 * Posts callbacks according to the Standard Webhooks specification, signed with the tenant's secret (`v1`, HMAC-SHA-256),
 * to addresses that may be called alone (`safePost`).
 */
export function httpsWebhook(options: HttpsWebhookOptions): Webhook {
  const { clock, masterSecret } = options;
  const post = safePost(options);
  return {
    async deliver(delivery) {
      const headers = signedHeaders(delivery, masterSecrets(await masterSecret()), clock.now());
      return post(delivery.url, headers, delivery.body);
    },
  };
}

/** The three headers of the specification, with one signature per master secret. */
function signedHeaders({ id, tenant, body, traceparent }: Delivery, masters: readonly string[], now: number) {
  const at = new Date(now);
  const signatures = masters.map((master) => new Signer(signingSecret(hmacSha256, master, tenant)).sign(id, at, body));
  return {
    'content-type': 'application/json',
    'user-agent': USER_AGENT,
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now / 1_000)),
    'webhook-signature': signatures.join(' '),
    ...(traceparent !== undefined && { traceparent }),
  };
}
