import { lookup, type LookupAddress } from 'node:dns';
import { promisify } from 'node:util';
import { hostOf, isAddress } from '#core/callbacks/url.ts';
import type { Addresses } from './pinned.ts';

/** Resolves a name to all of its addresses. */
export type Resolve = (name: string) => Promise<readonly LookupAddress[]>;

const lookUp = promisify(lookup);
export const systemResolve: Resolve = (name) => lookUp(name, { all: true });

/** The host resolves to an address that must not be reached. */
export class AddressRejected extends Error {
  override readonly name = 'AddressRejected';
}

/**
 * Resolves a URL's host and checks every address. One forbidden address rejects them all, because a host that mixes them
 * is likely hostile. Throws `AddressRejected`, or what `resolve` throws.
 */
export async function checkedAddresses(
  url: URL,
  isAllowed: (address: string) => boolean,
  resolve: Resolve,
): Promise<Addresses> {
  const host = hostOf(url);
  const addresses = isAddress(host) ? [{ address: host, family: host.includes(':') ? 6 : 4 }] : await resolve(host);
  const [first, ...others] = addresses;
  if (first === undefined) throw Object.assign(new Error('The name has no address.'), { code: 'ENOTFOUND' });
  if (!addresses.every(({ address }) => isAllowed(address))) {
    throw new AddressRejected('The host resolves to an address that is not allowed.');
  }
  return [first, ...others];
}
