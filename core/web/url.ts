import { isEmbeddedIpv4, reachOf } from '../callbacks/address.ts';
import { hostOf, isAddress } from '../callbacks/url.ts';

/** The longest URL that is fetched, in characters. */
const MAX_LENGTH = 2_048;
const WEB_PORTS: ReadonlySet<string> = new Set(['', '80', '443']);
/** Names that only a private network answers (RFC 6761, RFC 6762, RFC 8375, ICANN's `.internal`). */
const LOCAL_NAME = /(^|\.)(localhost|local|internal|intranet|lan|home\.arpa)$/;

/**
 * What is wrong with a URL that a page or a model named, as the end of a sentence. Null when it may be fetched: the
 * addresses of its name are judged when it is resolved, by `mayFetchFrom`.
 */
export function urlProblem(text: string): string | null {
  if (text.length > MAX_LENGTH) return `has more than ${MAX_LENGTH} characters`;
  if (!URL.canParse(text)) return 'is not a URL';
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return 'starts with neither http:// nor https://';
  if (url.username !== '' || url.password !== '') return 'contains a user name or a password';
  if (!WEB_PORTS.has(url.port)) return `names port ${url.port}, and only 80 and 443 are fetched`;
  return hostProblem(hostOf(url));
}

function hostProblem(host: string): string | null {
  if (isAddress(host)) return mayFetchFrom(host) ? null : 'names an address that is not public';
  const name = host.replace(/\.$/, '').toLowerCase();
  return !name.includes('.') || LOCAL_NAME.test(name) ? 'names no public host' : null;
}

/**
 * Whether a page may be fetched from an IP address. Public ones only, and none that hides an IPv4 address in IPv6: a
 * site has its own IPv4 address.
 */
export const mayFetchFrom = (address: string): boolean => reachOf(address) === 'public' && !isEmbeddedIpv4(address);
