import { excerptOf } from '#core/callbacks/excerpt.ts';
import { mayCall } from '#core/callbacks/address.ts';
import { problemOf, type CallbackRules } from '#core/callbacks/url.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { DeliveryResult } from '#core/ports/webhook.ts';
import { failed } from './failed.ts';
import { post, type PostAnswer } from './post.ts';
import { inTime } from '../http/pinned.ts';
import { checkedAddresses, systemResolve, type Resolve } from '../http/resolve.ts';
import { retryAfterMs } from '../http/retry-after.ts';

export interface SafePostOptions extends CallbackRules {
  readonly clock: Pick<Clock, 'now'>;
  /** Milliseconds for a whole delivery. @default 10,000 */
  readonly timeLimitMs?: number;
  /** @default the system's resolver */
  readonly resolve?: Resolve;
  /** Certificates in PEM to trust instead of the usual ones. @default none */
  readonly ca?: string;
}

/** Posts a body. It never throws for what the receiver does. */
export type SafePost = (
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
) => Promise<DeliveryResult>;

const TIME_LIMIT_MS = 10_000;

/**
 * Posts to addresses that somebody else chose. It resolves the host once, checks every address, and connects only to those
 * addresses. TLS is verified and redirects are not followed.
 */
export function safePost(options: SafePostOptions): SafePost {
  const { clock, timeLimitMs = TIME_LIMIT_MS, resolve = systemResolve, ca } = options;
  return async (address, headers, body) => {
    const problem = problemOf(address, options);
    if (problem !== null) return { kind: 'failed', failure: 'refused', reason: `The URL ${problem}.` };
    const url = new URL(address);
    const signal = AbortSignal.timeout(timeLimitMs);
    try {
      const addresses = await inTime(
        checkedAddresses(url, (each) => mayCall(each, options), resolve),
        signal,
      );
      const answer = await post({ url, headers, body, addresses, signal, ca });
      return resultOf(answer, clock.now());
    } catch (error) {
      return failed(error, signal.aborted, timeLimitMs);
    }
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
