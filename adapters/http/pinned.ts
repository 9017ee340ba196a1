import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';

/** Addresses that were checked, at least one. */
export type Addresses = readonly [LookupAddress, ...LookupAddress[]];

/** Returns the checked addresses to Node, so that a name is not resolved again: one, or all when Node tries several at once. */
export function pinned(addresses: Addresses): LookupFunction {
  return (_name, { all }, done) => {
    const [{ address, family }] = addresses;
    if (all === true) done(null, [...addresses]);
    else done(null, address, family);
  };
}

/** Stops waiting for work that accepts no signal, such as a resolver's, when the signal is aborted. */
export async function inTime<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const late = Promise.withResolvers<never>();
  const stop = (): void => late.reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  try {
    if (signal.aborted) stop();
    return await Promise.race([work, late.promise]);
  } finally {
    signal.removeEventListener('abort', stop);
    late.promise.catch(() => undefined);
  }
}
