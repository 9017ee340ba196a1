import type { Caller } from '../api/http/caller.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ids } from '../ports/ids.ts';
import type { KeyStore } from '../ports/key-store.ts';
import type { SignInTokens } from '../ports/sign-in.ts';
import { callerOf, KEY_PREFIX } from './key.ts';
import { callerOfUser } from './user-caller.ts';

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

/** A JSON Web Token in the compact form. */
const BEARER_TOKEN = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/;

/** Returns the person who signed in with an `Authorization` header's token, or null when there is none. */
export async function authenticateUser(tokens: SignInTokens, header: string): Promise<Caller | null> {
  const token = BEARER_TOKEN.exec(header.trim())?.[1];
  const person = token === undefined ? null : await tokens.verify(token);
  return person && callerOfUser(person);
}
