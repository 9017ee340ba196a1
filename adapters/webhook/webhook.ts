import { Webhook as Signer } from 'standardwebhooks';
import { excerptOf } from '#core/callbacks/excerpt.ts';
import { masterSecrets, signingSecret } from '#core/callbacks/signing.ts';
import { mayCall } from '#core/callbacks/address.ts';
import { problemOf, type CallbackRules } from '#core/callbacks/url.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Delivery, DeliveryResult, Webhook } from '#core/ports/webhook.ts';
import { hmacSha256 } from '../node/hmac.ts';
import { failed } from './failed.ts';
import { post, type PostAnswer } from './post.ts';
import { inTime } from '../http/pinned.ts';
import { checkedAddresses, systemResolve, type Resolve } from '../http/resolve.ts';
import { retryAfterMs } from '../http/retry-after.ts';

export interface HttpsWebhookOptions extends CallbackRules {
  /** The fleet's master secret, or several separated by spaces during a rotation (core/callbacks/signing.ts). */
  readonly masterSecret: () => Promise<string>;
  readonly clock: Pick<Clock, 'now'>;
  /** Milliseconds for a whole delivery. @default 10,000 */
  readonly timeLimitMs?: number;
  /** @default the system's resolver */
  readonly resolve?: Resolve;
  /** Certificates in PEM to trust instead of the usual ones. @default none */
  readonly ca?: string;
}

const TIME_LIMIT_MS = 10_000;
const USER_AGENT = 'agent-fleet-callbacks/1';

/**
 * Posts callbacks according to the Standard Webhooks specification, signed with the tenant's secret (`v1`, HMAC-SHA-256).
 * It resolves the host once, checks every address, and connects only to those addresses. TLS is verified and redirects
 * are not followed.
 */
export function httpsWebhook(options: HttpsWebhookOptions): Webhook {
  const { clock, masterSecret, timeLimitMs = TIME_LIMIT_MS, resolve = systemResolve, ca } = options;
  return {
    async deliver(delivery) {
      const headers = signedHeaders(delivery, masterSecrets(await masterSecret()), clock.now());
      const problem = problemOf(delivery.url, options);
      if (problem !== null) return { kind: 'failed', failure: 'refused', reason: `The URL ${problem}.` };
      const url = new URL(delivery.url);
      const signal = AbortSignal.timeout(timeLimitMs);
      try {
        const addresses = await inTime(
          checkedAddresses(url, (address) => mayCall(address, options), resolve),
          signal,
        );
        const answer = await post({ url, headers, body: delivery.body, addresses, signal, ca });
        return resultOf(answer, clock.now());
      } catch (error) {
        return failed(error, signal.aborted, timeLimitMs);
      }
    },
  };
}

/** The three headers of the specification, with one signature per master secret. */
function signedHeaders({ id, tenant, body }: Delivery, masters: readonly string[], now: number) {
  const at = new Date(now);
  const signatures = masters.map((master) => new Signer(signingSecret(hmacSha256, master, tenant)).sign(id, at, body));
  return {
    'content-type': 'application/json',
    'user-agent': USER_AGENT,
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now / 1_000)),
    'webhook-signature': signatures.join(' '),
  };
}

function resultOf({ status, retryAfter, start }: PostAnswer, now: number): DeliveryResult {
  const waitMs = retryAfterMs(retryAfter, now);
  const excerpt = status >= 200 && status < 300 ? '' : excerptOf(start);
  return {
    kind: 'answered',
    status,
    ...(waitMs !== undefined && { retryAfterMs: waitMs }),
    ...(excerpt !== '' && { excerpt }),
  };
}
