import { lookup, type LookupAddress } from 'node:dns';
import { promisify } from 'node:util';
import { mayCall } from '#core/callbacks/address.ts';
import { hostOf, isAddress, type CallbackRules } from '#core/callbacks/url.ts';

/** All addresses of a name, as the system resolves it. */
export type Resolve = (name: string) => Promise<readonly LookupAddress[]>;

export type Addresses = readonly [LookupAddress, ...LookupAddress[]];

const lookUp = promisify(lookup);
export const systemResolve: Resolve = (name) => lookUp(name, { all: true });

/** A name leads to an address that may not be called. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
}

/**
 * The addresses behind a URL's host, each of which may be called. One that may not be refuses them all: whoever mixes
 * them has nothing good in mind. Throws `AddressRefused`, or what `resolve` throws.
 */
export async function checkedAddresses(url: URL, rules: CallbackRules, resolve: Resolve): Promise<Addresses> {
  const host = hostOf(url);
  const addresses = isAddress(host) ? [{ address: host, family: host.includes(':') ? 6 : 4 }] : await resolve(host);
  const [first, ...others] = addresses;
  if (first === undefined) throw Object.assign(new Error('The name has no address.'), { code: 'ENOTFOUND' });
  if (!addresses.every(({ address }) => mayCall(address, rules))) {
    throw new AddressRefused('The host leads to an address that may not be called.');
  }
  return [first, ...others];
}
