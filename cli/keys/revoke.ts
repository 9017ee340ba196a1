import { keyId } from '#core/keys/key.ts';
import { UserError } from '../user-error.ts';
import type { Output } from '../terminal/output.ts';
import type { Keeping } from './keeping.ts';
import { withKeys, type PlaceOptions } from './place.ts';

/** `fleet keys revoke`: marks the key as revoked in the table, then disables it at API Gateway. */
export async function revokeKey(id: string, options: PlaceOptions & { json?: boolean }, output: Output): Promise<void> {
  const refused = await withKeys(options, async (keys) => {
    const hash = await findHash(keys, id);
    await keys.store.revoke(hash, Date.now());
    return keys.dismiss(id);
  });
  if (options.json) return output.json({ id, revoked: true });
  output.line(
    refused
      ? `Revoked ${id}.`
      : `Revoked ${id}. API Gateway does not have it; the authorizer rejects it within a minute.`,
  );
}

async function findHash({ store }: Keeping, id: string): Promise<string> {
  for await (const key of store.list()) if (keyId(key) === id) return key.hash;
  throw new UserError(`Key "${id}" not found.`, 'npm run fleet -- keys list shows the ids.');
}
