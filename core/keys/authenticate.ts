import type { Caller } from '../api/caller.ts';
import type { Ids } from '../ports/ids.ts';
import type { KeyStore } from '../ports/key-store.ts';
import { callerOf, KEY_PREFIX } from './key.ts';

const BEARER = new RegExp(`^Bearer (${KEY_PREFIX}[\\w-]{20,128})$`);

/** Who bears the key of an `Authorization` header, and its hash; null where it is none of ours, or revoked. */
export async function authenticate(
  { keys, ids }: { readonly keys: KeyStore; readonly ids: Ids },
  header: string,
): Promise<{ readonly caller: Caller; readonly hash: string } | null> {
  const key = BEARER.exec(header.trim())?.[1];
  if (key === undefined) return null;
  const hash = ids.digest(key);
  const kept = await keys.get(hash);
  const caller = kept && callerOf(kept);
  return caller && { caller, hash };
}
