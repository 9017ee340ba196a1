import { hasExpired, keyId, scopesOf, type ApiKey } from '#core/keys/key.ts';
import { command } from '#core/waiting/commands.ts';
import { notEverywhere, optionsOf } from '../regions/unreached.ts';
import { UserError } from '../user-error.ts';
import type { Output } from '../terminal/output.ts';
import type { Keeping } from './keeping.ts';
import { withKeys, type PlaceOptions } from './place.ts';

/**
 * `fleet keys revoke`: marks the key as revoked in the table, then disables it at API Gateway. It can be repeated. Throws a
 * `UserError` if a region was not reached.
 */
export async function revokeKey(id: string, options: PlaceOptions & { json?: boolean }, output: Output): Promise<void> {
  const { key, known, unreached } = await withKeys(options, async (keys) => {
    const key = await findKey(keys, id);
    await keys.store.revoke(key.hash, Date.now());
    return { key, ...(await keys.dismiss(id)) };
  });
  const replace = createLike(key, options);
  if (options.json) output.json({ id, revoked: true, replace });
  else {
    const later = ' API Gateway does not have it; the authorizer rejects it within a minute.';
    output.line(`Revoked ${id}.${known || unreached.length > 0 ? '' : later}`);
    output.line(`A key with the same permissions: ${replace}`);
  }
  if (unreached.length === 0) return;
  const missing = 'the authorizer rejects the key within a minute after the change arrives';
  const again = command('keys', 'revoke', id, ...optionsOf(options.env ?? null));
  throw notEverywhere(unreached, missing, `To have API Gateway reject it at once: ${again}`);
}

export interface Listing {
  readonly store: Pick<Keeping['store'], 'list'>;
}

/** Finds a key by its id. Throws a `UserError`. */
export async function findKey({ store }: Listing, id: string): Promise<ApiKey> {
  for await (const key of store.list()) if (keyId(key) === id) return key;
  throw new UserError(`Key "${id}" not found.`, 'npm run fleet -- keys list shows the ids.');
}

const DAY_MS = 86_400_000;

/** The command that creates a key with the tenant, scopes, agents and expiry of this one, in the same fleet. */
export function createLike(key: ApiKey, place: PlaceOptions, now = Date.now()): string {
  const { name, tenant, agents, validUntil } = key;
  const left = validUntil === undefined || hasExpired(key, now) ? undefined : Math.ceil((validUntil - now) / DAY_MS);
  const options = {
    name,
    tenant,
    scopes: scopesOf(key).join(','),
    agents: agents?.join(','),
    days: left,
    env: place.env,
    prefix: place.prefix,
    table: place.table,
    'usage-plan': place.usagePlan,
  };
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return command('keys', 'create', ...given.flatMap(([option, value]) => [`--${option}`, String(value)]));
}
