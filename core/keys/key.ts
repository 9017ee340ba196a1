import { z } from 'zod';
import { isScope, type Caller, type Scope } from '../api/http/caller.ts';
import { storedRecord } from '../stored/record.ts';

/** The prefix of every key, so that a leaked key can be recognised. */
export const KEY_PREFIX = 'flk_';

/** A stored key of the task API. Only its hash is stored. */
export const apiKeySchema = storedRecord({
  /** SHA-256 of the key, 64 hex characters: names it at API Gateway too. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  /** A display name. */
  name: z.string().min(1).max(64),
  tenant: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be lower case letters, digits and dashes, at most 63'),
  /** A scope of a newer release grants nothing here. */
  scopes: z.array(z.string()).transform((scopes) => scopes.filter(isScope)),
  /** It has the scope `fleet` too. Release 0.2 cannot read a key with that among its scopes. */
  fleetWide: z.literal(true).optional(),
  agents: z.array(z.string()).nullable(),
  createdAt: z.number(),
  /** When the key expires, in milliseconds since the epoch. @default it never expires */
  validUntil: z.number().optional(),
  revokedAt: z.number().optional(),
});
export type ApiKey = z.infer<typeof apiKeySchema>;

/** A key's scopes as it stores them, so that release 0.2 can read it. */
export const storedScopes = (scopes: readonly Scope[]): Pick<ApiKey, 'scopes' | 'fleetWide'> => ({
  scopes: scopes.filter((scope) => scope !== 'fleet'),
  ...(scopes.includes('fleet') ? { fleetWide: true } : {}),
});

/** All scopes of a stored key. */
export const scopesOf = ({ scopes, fleetWide }: Pick<ApiKey, 'scopes' | 'fleetWide'>): Scope[] => [
  ...new Set<Scope>([...scopes, ...(fleetWide ? ['fleet' as const] : [])]),
];

/** The short id of a key, for people and logs. It grants no access. */
export const keyId = ({ hash }: Pick<ApiKey, 'hash'>): string => `key-${hash.slice(0, 12)}`;

export const hasExpired = ({ validUntil }: Pick<ApiKey, 'validUntil'>, now: number): boolean =>
  validUntil !== undefined && now >= validUntil;

/** Returns the caller that a key identifies, or null when it was revoked or has expired. */
export function callerOf(key: ApiKey, now: number): Caller | null {
  if (key.revokedAt !== undefined || hasExpired(key, now)) return null;
  const { tenant, agents } = key;
  return { tenant, scopes: scopesOf(key), agents, keyId: keyId(key) };
}
