import ipaddr from 'ipaddr.js';

/** Who may be reached at an address: everybody's · one's own network, in development · nobody, ever. */
export type Reach = 'public' | 'private' | 'forbidden';

/** What stays within a host or a network of one's own. */
const PRIVATE: ReadonlySet<string> = new Set(['loopback', 'private', 'carrierGradeNat', 'uniqueLocal']);

/** IPv6 is handed out below this alone (IANA, "IPv6 Global Unicast Address Assignments"); ipaddr.js calls all else unicast too. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/** Where clouds answer with credentials, outside the link-local range: AWS by IPv6, Alibaba, Azure. */
const METADATA: ReadonlySet<string> = new Set(['fd00:ec2::254', '100.100.100.200', '168.63.129.16']);

/**
 * Who may be reached at an IP address, by IANA's special-purpose registries. An IPv4 address written as IPv6
 * (`::ffff:10.0.0.1`, `64:ff9b::10.0.0.1`) is judged as what it leads to; the tunnels 6to4 and Teredo are forbidden.
 */
export function reachOf(address: string): Reach {
  const text = address.includes(':') ? canonicalIpv6(address) : address;
  if (!ipaddr.isValid(text)) return 'forbidden';
  const parsed = ipaddr.parse(text);
  if (METADATA.has(parsed.toString())) return 'forbidden';
  if (parsed instanceof ipaddr.IPv6) return reachOfIpv6(parsed);
  return reachOfRange(parsed.range());
}

/** In hexadecimal throughout, since ipaddr.js takes `::10.0.0.1` for `::ffff:10.0.0.1`; empty for none, and for one with a zone. */
function canonicalIpv6(address: string): string {
  const url = `http://[${address}]`;
  return URL.canParse(url) ? new URL(url).hostname.slice(1, -1) : '';
}

function reachOfIpv6(address: ipaddr.IPv6): Reach {
  const range = address.range();
  if (range === 'ipv4Mapped' || inNat64(address)) return reachOf(address.toByteArray().slice(12).join('.'));
  if (range === 'unicast' && !address.match(GLOBAL_UNICAST)) return 'forbidden';
  return reachOfRange(range);
}

/** RFC 6052's well-known prefix; the local ones of RFC 8215 lead nobody knows where. */
const NAT64 = ipaddr.IPv6.parseCIDR('64:ff9b::/96');
const inNat64 = (address: ipaddr.IPv6): boolean => address.match(NAT64);

function reachOfRange(range: string): Reach {
  if (range === 'unicast') return 'public';
  return PRIVATE.has(range) ? 'private' : 'forbidden';
}

/** Whether a callback may go to the address. @param privateAddresses set in development alone */
export function mayCall(address: string, { privateAddresses }: { readonly privateAddresses: boolean }): boolean {
  const reach = reachOf(address);
  return reach === 'public' || (reach === 'private' && privateAddresses);
}
