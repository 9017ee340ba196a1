import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';

/**
 * Rejects requests of web pages. A server on 127.0.0.1 is reachable by every page that this machine's browser shows: a page
 * can send requests (`Origin`, `Sec-Fetch-Site`), and a page whose own name resolves to 127.0.0.1 can read the answers too
 * (`Host`). Programs of this machine send a loopback name and no origin.
 *
 * The file is the same in each package that listens, since packages do not import each other. A test compares the copies.
 */

/** `*.localhost` is this machine too (RFC 6761), and SDKs use `<bucket>.localhost`. */
const LOOPBACK = /^(?:127\.0\.0\.1|\[::1\]|(?:[a-z0-9_-](?:[a-z0-9_.-]{0,251}[a-z0-9_-])?\.)?localhost)(?::\d{1,5})?$/i;

/** Returns why a request must be rejected, or undefined. */
export function pageProblem(headers: IncomingHttpHeaders): string | undefined {
  const { host, origin } = headers;
  if (host === undefined || !LOOPBACK.test(host)) {
    return 'The Host of the request is not this machine. Use 127.0.0.1 or localhost.';
  }
  if (origin !== undefined && !LOOPBACK.test(origin.replace(/^https?:\/\//i, ''))) {
    return 'The request comes from a page of another origin.';
  }
  if (headers['sec-fetch-site'] === 'cross-site') return 'The request comes from a page of another site.';
  return undefined;
}

/** Answers 403 to a request of a web page. Returns whether it did. */
export function rejectPages(request: IncomingMessage, response: ServerResponse): boolean {
  const reason = pageProblem(request.headers);
  if (reason === undefined) return false;
  const body = JSON.stringify({ message: `Forbidden: ${reason}` });
  const length = Buffer.byteLength(body);
  // The rest of the body is never read.
  response.writeHead(403, { 'content-type': 'application/json', 'content-length': length, connection: 'close' });
  response.end(body);
  return true;
}
