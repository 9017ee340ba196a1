import ipaddr from 'ipaddr.js';

/** Whether an address may be called: always · only in development, since it is on a private network · never. */
export type Reach = 'public' | 'private' | 'forbidden';

/** Ranges that stay within a host or a private network. */
const PRIVATE: ReadonlySet<string> = new Set(['loopback', 'private', 'carrierGradeNat', 'uniqueLocal']);

/** The only range in which IPv6 addresses are assigned (IANA, "IPv6 Global Unicast Address Assignments"); ipaddr.js reports the rest as unicast too. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Services of a cloud's own hosts outside the link-local range, some of which return credentials. AWS keeps a whole
 * prefix: `::254` is the metadata service, `::23` the Pod Identity agent of EKS.
 */
const METADATA = [
  'fd00:ec2::/32', // AWS
  'fd20:ce::254/128', // Google Cloud
  'fd00:c1::a9fe:a9fe/128', // Oracle Cloud
  'fd00:42::42/128', // Scaleway
  '100.100.100.200/32', // Alibaba Cloud
  '168.63.129.16/32', // Azure
].map((range) => ipaddr.parseCIDR(range));

const isMetadata = (address: ipaddr.IPv4 | ipaddr.IPv6): boolean =>
  METADATA.some(([range, bits]) => range.kind() === address.kind() && address.match(range, bits));

/**
 * Whether an IP address may be called, by IANA's special-purpose registries. An IPv4 address written as IPv6
 * (`::ffff:10.0.0.1`, `64:ff9b::10.0.0.1`) is judged as what it leads to; the tunnels 6to4 and Teredo are forbidden.
 */
export function reachOf(address: string): Reach {
  const text = address.includes(':') ? canonicalIpv6(address) : address;
  if (!ipaddr.isValid(text)) return 'forbidden';
  const parsed = ipaddr.parse(text);
  if (isMetadata(parsed)) return 'forbidden';
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

/** Whether an IPv6 address is an IPv4 address in another form (`::ffff:192.0.2.1`, `64:ff9b::192.0.2.1`). */
export function isEmbeddedIpv4(address: string): boolean {
  const text = address.includes(':') ? canonicalIpv6(address) : address;
  if (!ipaddr.isValid(text)) return false;
  const parsed = ipaddr.parse(text);
  return parsed instanceof ipaddr.IPv6 && (parsed.range() === 'ipv4Mapped' || inNat64(parsed));
}

/** RFC 6052's well-known prefix; where the local ones of RFC 8215 lead is unknown. */
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
