import type { DeliveryResult } from '#core/ports/webhook.ts';
import { AddressRefused } from './resolve.ts';

type Failed = Extract<DeliveryResult, { kind: 'failed' }>;

/** A delivery without an answer, by what was thrown. The reason names no URL, which may be a secret by itself. */
export function failed(error: unknown, timedOut: boolean, timeLimitMs: number): Failed {
  if (error instanceof AddressRefused) return { kind: 'failed', failure: 'refused', reason: error.message };
  if (timedOut) {
    return { kind: 'failed', failure: 'timeout', reason: `The receiver took longer than ${timeLimitMs / 1_000} s.` };
  }
  const code = codeOf(error);
  if (UNKNOWN_HOST.test(code)) {
    return { kind: 'failed', failure: 'unknown-host', reason: `The host's name leads nowhere (${code}).` };
  }
  if (UNTRUSTED.test(code)) {
    return { kind: 'failed', failure: 'untrusted', reason: `The receiver's certificate is not trusted (${code}).` };
  }
  return { kind: 'failed', failure: 'unreachable', reason: `No connection, or a broken one (${code}).` };
}

/** The resolver's codes (getaddrinfo). */
const UNKNOWN_HOST = /^(ENOTFOUND|EAI_\w+|ENODATA)$/;
/** OpenSSL's reasons to refuse a certificate, and Node's own for its name. */
const UNTRUSTED = /CERT|SIGNATURE|ISSUER|HOSTNAME_MISMATCH/;

/** Node's code of an error, and of the first of several addresses that were tried; else the error's name. */
function codeOf(error: unknown): string {
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
