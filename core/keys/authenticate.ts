import type { Caller } from '../api/http/caller.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ids } from '../ports/ids.ts';
import type { KeyStore } from '../ports/key-store.ts';
import { callerOf, KEY_PREFIX } from './key.ts';

const BEARER = new RegExp(`^Bearer (${KEY_PREFIX}[\\w-]{20,128})$`);

/** Returns the caller and the hash of an `Authorization` header's key, or null when it is unknown, revoked or expired. */
export async function authenticate(
  { keys, ids, clock }: { readonly keys: KeyStore; readonly ids: Ids; readonly clock: Pick<Clock, 'now'> },
  header: string,
): Promise<{ readonly caller: Caller; readonly hash: string } | null> {
  const key = BEARER.exec(header.trim())?.[1];
  if (key === undefined) return null;
  const hash = ids.digest(key);
  const kept = await keys.get(hash);
  const caller = kept && callerOf(kept, clock.now());
  return caller && { caller, hash };
}
