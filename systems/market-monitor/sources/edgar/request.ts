import { get, type Got } from '#adapters/web/get.ts';
import { BodyRejected } from '#adapters/web/body.ts';
import { codeOf } from '#adapters/http/error-code.ts';
import { checkedAddresses, systemResolve } from '#adapters/http/resolve.ts';
import { retryAfterMs } from '#adapters/http/retry-after.ts';
import { decodeBody } from '#core/web/charset.ts';

/** What a conditional request says of the page that is known. */
export interface Validators {
  readonly etag?: string | undefined;
  readonly lastModified?: string | undefined;
}

export type Answer =
  | { readonly kind: 'page'; readonly text: string; readonly validators: Validators }
  | { readonly kind: 'unchanged' }
  /** EDGAR asks for patience. @param waitMs milliseconds */
  | { readonly kind: 'blocked'; readonly waitMs: number; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string };

/** Requests one page, from entry `start` on. */
export type RequestPage = (start: number, known: Validators, signal: AbortSignal) => Promise<Answer>;

export interface EdgarOptions {
  /** @default EDGAR's */
  readonly url?: string | undefined;
  /** Goes into the `User-Agent`: the SEC rejects requests without the name and e-mail address of who asks. */
  readonly contact: string;
}

const EDGAR_URL = 'https://www.sec.gov/cgi-bin/browse-edgar';
/** Entries of a page. EDGAR gives no more. */
export const PAGE = 100;
const TIMEOUT_MS = 30_000;
/** A page has about 100 KB. */
const MAX_BYTES = 5_000_000;
/**
 * Who asks more than ten times a second is blocked until ten minutes after the rate has fallen
 * (Internet Security Policy, https://www.sec.gov/privacy). The block itself need not say how long it lasts.
 */
const BLOCK_MS = 10 * 60_000;
const MIN_BLOCK_MS = 60_000;

/** Requests pages of EDGAR's current filings. Never throws, unless the signal is aborted. */
export function edgarPages({ url = EDGAR_URL, contact }: EdgarOptions): RequestPage {
  return async (start, { etag, lastModified }, signal) => {
    const page = pageOf(url, start);
    const headers = {
      'user-agent': contact,
      accept: 'application/atom+xml, application/xml;q=0.9',
      ...(etag !== undefined && { 'if-none-match': etag }),
      ...(lastModified !== undefined && { 'if-modified-since': lastModified }),
    };
    try {
      // The address is the operator's own word, so a private one is allowed too.
      const addresses = await checkedAddresses(page, () => true, systemResolve);
      return answerOf(
        await get({
          url: page,
          headers,
          addresses,
          signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
          maxBytes: MAX_BYTES,
          wantsBody: (status) => status === 200,
        }),
      );
    } catch (error) {
      signal.throwIfAborted();
      return { kind: 'failed', reason: error instanceof BodyRejected ? error.message : `no answer (${codeOf(error)})` };
    }
  };
}

function pageOf(base: string, start: number): URL {
  const url = new URL(base);
  // Without `type`: it is a prefix there, so that 4 would also match 424B2.
  const query = { action: 'getcurrent', owner: 'include', start: String(start), count: String(PAGE), output: 'atom' };
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url;
}

function answerOf({ status, headers, body }: Got): Answer {
  if (status === 200) {
    const validators = { etag: headers.etag, lastModified: headers['last-modified'] };
    return { kind: 'page', text: decodeBody(body, headers['content-type']), validators };
  }
  if (status === 304) return { kind: 'unchanged' };
  const reason = `status ${status}`;
  if (status !== 403 && status !== 429) return { kind: 'failed', reason };
  const waitMs = Math.max(MIN_BLOCK_MS, retryAfterMs(headers['retry-after'], Date.now()) ?? BLOCK_MS);
  return { kind: 'blocked', waitMs, reason };
}
