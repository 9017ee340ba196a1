import { z } from 'zod';
import { mayCall } from './address.ts';

export interface CallbackRules {
  /** Only in development: private addresses may be called, also over plain HTTP. */
  readonly privateAddresses: boolean;
}

/** The longest URL, in characters, which keeps messages and log lines small. */
const MAX_LENGTH = 2_048;
/** Lower ports belong to mail, shells and files, which a POST may confuse. */
const FIRST_FREE_PORT = 1_024;
const WEB_PORTS: Readonly<Record<string, number>> = { 'https:': 443, 'http:': 80 };

/** The schema of a callback URL. Every error says what to change. Names are resolved when the URL is called. */
export const callbackUrl = (rules: CallbackRules) =>
  z.string().check(({ value, issues }) => {
    const message = problemOf(value, rules);
    if (message !== null) issues.push({ code: 'custom', input: value, message });
  });

/** What is wrong with a callback URL and what to change, as the end of a sentence. Null when it may be called. */
export function problemOf(text: string, rules: CallbackRules): string | null {
  if (text.length > MAX_LENGTH) return `must be at most ${MAX_LENGTH} characters`;
  if (!URL.canParse(text)) return 'must be a URL such as https://example.com/hooks/fleet';
  const url = new URL(text);
  const webPort = WEB_PORTS[url.protocol];
  if (webPort === undefined || (url.protocol === 'http:' && !rules.privateAddresses)) return 'must start with https://';
  if (url.username !== '' || url.password !== '') {
    return 'must not contain a user name or password: deliveries are signed, see docs/callbacks.md';
  }
  const port = url.port === '' ? null : Number(url.port);
  if (port !== null && port < FIRST_FREE_PORT && port !== webPort) {
    return `must use port ${webPort}, or ${FIRST_FREE_PORT} and higher`;
  }
  return hostProblem(hostOf(url), rules);
}

/** A URL's host as a name or an address, without the brackets of IPv6. */
export const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[(.*)\]$/, '$1');

/** Whether a host is an IP address. A URL's own parser has brought all notations of IPv4 (`0x7f.1`) to one. */
export const isAddress = (host: string): boolean => host.includes(':') || /^\d+(\.\d+){3}$/.test(host);

function hostProblem(host: string, rules: CallbackRules): string | null {
  if (isAddress(host)) return mayCall(host, rules) ? null : 'must be a public address';
  const isLocal = !host.replace(/\.$/, '').includes('.') || /\.localhost\.?$/.test(host);
  return isLocal && !rules.privateAddresses ? 'must name a public host such as example.com' : null;
}
