import { lookup, type LookupAddress } from 'node:dns';
import { promisify } from 'node:util';
import { mayCall } from '#core/callbacks/address.ts';
import { hostOf, isAddress, type CallbackRules } from '#core/callbacks/url.ts';

/** Resolves a name to all of its addresses. */
export type Resolve = (name: string) => Promise<readonly LookupAddress[]>;

export type Addresses = readonly [LookupAddress, ...LookupAddress[]];

const lookUp = promisify(lookup);
export const systemResolve: Resolve = (name) => lookUp(name, { all: true });

/** The host resolves to an address that callbacks must not reach. */
export class AddressRejected extends Error {
  override readonly name = 'AddressRejected';
}

/**
 * Resolves a URL's host and checks every address. One forbidden address rejects them all, because a host that mixes them
 * is likely hostile. Throws `AddressRejected`, or what `resolve` throws.
 */
export async function checkedAddresses(url: URL, rules: CallbackRules, resolve: Resolve): Promise<Addresses> {
  const host = hostOf(url);
  const addresses = isAddress(host) ? [{ address: host, family: host.includes(':') ? 6 : 4 }] : await resolve(host);
  const [first, ...others] = addresses;
  if (first === undefined) throw Object.assign(new Error('The name has no address.'), { code: 'ENOTFOUND' });
  if (!addresses.every(({ address }) => mayCall(address, rules))) {
    throw new AddressRejected('The host resolves to an address that is not allowed.');
  }
  return [first, ...others];
}
