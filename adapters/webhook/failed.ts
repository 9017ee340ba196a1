import type { DeliveryResult } from '#core/ports/webhook.ts';
import { codeOf, UNKNOWN_HOST, UNTRUSTED } from '../http/error-code.ts';
import { AddressRejected } from '../http/resolve.ts';

type Failed = Extract<DeliveryResult, { kind: 'failed' }>;

/** Maps an error to a delivery without a response. The reason contains no URL, because a URL may itself be a secret. */
export function failed(error: unknown, timedOut: boolean, timeLimitMs: number): Failed {
  if (error instanceof AddressRejected) return { kind: 'failed', failure: 'refused', reason: error.message };
  if (timedOut) {
    return { kind: 'failed', failure: 'timeout', reason: `The receiver took longer than ${timeLimitMs / 1_000} s.` };
  }
  const code = codeOf(error);
  if (UNKNOWN_HOST.test(code)) {
    return { kind: 'failed', failure: 'unknown-host', reason: `The host name does not resolve (${code}).` };
  }
  if (UNTRUSTED.test(code)) {
    return { kind: 'failed', failure: 'untrusted', reason: `The receiver's certificate is not trusted (${code}).` };
  }
  return { kind: 'failed', failure: 'unreachable', reason: `The connection failed or broke (${code}).` };
}
