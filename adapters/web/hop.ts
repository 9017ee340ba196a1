import type { IncomingHttpHeaders } from 'node:http';
import { FailureError } from '#core/failures/failure.ts';
import type { FetchLimits } from '#core/web/limits.ts';
import { kindOfType } from '#core/web/media-type.ts';
import type { FetchFailure } from '#core/web/snapshot.ts';
import { mayFetchFrom, urlProblem } from '#core/web/url.ts';
import { codeOf, UNKNOWN_HOST, UNTRUSTED } from '../http/error-code.ts';
import { inTime, type Addresses } from '../http/pinned.ts';
import { AddressRejected, checkedAddresses, type Resolve } from '../http/resolve.ts';
import { BodyRejected } from './body.ts';
import { get, type Got } from './get.ts';
import { isStandInHost, type StandIn } from './stand-in.ts';

export interface HopOptions {
  readonly resolve: Resolve;
  readonly limits: FetchLimits;
  readonly userAgent: string;
  /** @default none: names below `.test` are resolved as any others */
  readonly standIn?: StandIn | undefined;
  /** Certificates in PEM to trust instead of the usual ones. @default none */
  readonly ca?: string | undefined;
}

export interface HopRequest {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Bytes of the body, of which the rest is ignored. @default the limit, above which it is rejected */
  readonly cutAt?: number;
  /** Whether only the types that are read are wanted. @default true */
  readonly typed?: boolean;
}

export type HopResult =
  | { readonly kind: 'answered'; readonly got: Got }
  | { readonly kind: 'failed'; readonly failure: FetchFailure; readonly reason: string };

const ACCEPT = 'text/html, application/xhtml+xml, application/xml;q=0.9, application/json;q=0.9, text/plain;q=0.8';

/**
 * One request of one URL, without redirects. The URL is judged, its name is resolved once, every address is checked, and
 * the connection goes to the checked ones alone. Throws only while the stand-in is not running: then nothing is known of
 * the site.
 */
export async function hop(request: HopRequest, options: HopOptions): Promise<HopResult> {
  const problem = urlProblem(request.url);
  if (problem !== null) return failed('refused', `The URL ${problem}.`);
  const url = new URL(request.url);
  const { limits, userAgent, ca } = options;
  const signal = AbortSignal.timeout(limits.timeMs);
  try {
    const { addresses, port } = await inTime(placeOf(url, options), signal);
    const got = await get({
      url,
      addresses,
      port,
      headers: { accept: ACCEPT, 'user-agent': userAgent, ...request.headers },
      signal,
      ca,
      maxBytes: request.cutAt ?? limits.bytes,
      cut: request.cutAt !== undefined,
      wantsBody: (status, headers) => isSuccess(status) && (request.typed === false || isRead(headers)),
    });
    return { kind: 'answered', got };
  } catch (error) {
    if (codeOf(error) === 'ECONNREFUSED' && options.standIn !== undefined && isStandInHost(url)) throw STAND_IN_GONE;
    return failureOf(error, signal.aborted, limits);
  }
}

const STAND_IN_GONE = new FailureError({
  kind: 'throttled',
  reason: 'The stand-in for the names below .test is not running.',
  retryAfterMs: 5_000,
});

/** Where to connect. The stand-in has the names below `.test`, by configuration alone. */
async function placeOf(
  url: URL,
  { resolve, standIn }: HopOptions,
): Promise<{ readonly addresses: Addresses; readonly port?: number }> {
  if (standIn !== undefined && isStandInHost(url)) {
    const { address, port } = standIn;
    return { addresses: [{ address, family: address.includes(':') ? 6 : 4 }], port };
  }
  return { addresses: await checkedAddresses(url, mayFetchFrom, resolve) };
}

export const isSuccess = (status: number): boolean => status >= 200 && status < 300;
const isRead = (headers: IncomingHttpHeaders): boolean => kindOfType(headers['content-type']) !== null;

const failed = (failure: FetchFailure, reason: string): HopResult => ({ kind: 'failed', failure, reason });

function failureOf(error: unknown, timedOut: boolean, { timeMs }: FetchLimits): HopResult {
  if (error instanceof AddressRejected) return failed('refused', error.message);
  if (error instanceof BodyRejected) return failed(error.why, error.message);
  if (timedOut) return failed('timeout', `The site took longer than ${timeMs / 1_000} s.`);
  const code = codeOf(error);
  if (UNKNOWN_HOST.test(code)) return failed('unreachable', `The name does not resolve (${code}).`);
  if (UNTRUSTED.test(code)) return failed('unreachable', `The site's certificate is not trusted (${code}).`);
  return failed('unreachable', `The connection failed or broke (${code}).`);
}
