import type { IncomingMessage } from 'node:http';
import { LIFETIME_MS } from './sessions.ts';

/**
 * The cookie of a session. Browsers send it to every port of this machine, so its name has the port and it is limited to
 * the path of the API. Pages cannot read it, and pages of other sites cannot make the browser send it.
 */
export function sessionCookie(port: number, session: string): string {
  const maxAge = LIFETIME_MS / 1_000;
  return `${cookieName(port)}=${session}; Path=/api; Max-Age=${maxAge}; HttpOnly; SameSite=Strict`;
}

/** Returns the session that a request's cookie names; undefined when it has none. */
export function sessionOf({ headers, socket }: IncomingMessage): string | undefined {
  const name = cookieName(socket.localPort ?? 0);
  for (const pair of (headers.cookie ?? '').split(';')) {
    const [key = '', ...value] = pair.trim().split('=');
    if (key === name) return value.join('=');
  }
  return undefined;
}

const cookieName = (port: number): string => `fleet-console-${port}`;

const READS = new Set(['GET', 'HEAD']);

/**
 * Why a request with a session's cookie is refused; null when it comes from the console itself. A page at another port of
 * this machine belongs to the same site, so the browser adds the cookie to its requests too.
 */
export function foreignProblem({ method = 'GET', headers }: IncomingMessage): string | null {
  const { origin, host = '', 'sec-fetch-site': site } = headers;
  const reads = READS.has(method);
  // Nobody's page has sent what a person typed, which can only read.
  const isOwn = site === undefined || site === 'same-origin' || (site === 'none' && reads);
  if (!isOwn) return 'The request comes from another page than the console.';
  if (origin !== undefined && origin !== `http://${host}`) return 'The request comes from a page of another origin.';
  // A browser sends at least one of them with a request that changes something.
  const isKnown = origin !== undefined || site !== undefined;
  return reads || isKnown ? null : 'The request does not say from which page it comes.';
}
