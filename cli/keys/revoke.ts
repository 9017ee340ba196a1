import { keyId } from '#core/keys/key.ts';
import { UserError } from '../user-error.ts';
import type { Output } from '../terminal/output.ts';
import type { Keeping } from './keeping.ts';
import { withKeys, type PlaceOptions } from './place.ts';

/** `fleet keys revoke`: marks the key in the table, then has API Gateway refuse it; again changes nothing. */
export async function revokeKey(id: string, options: PlaceOptions & { json?: boolean }, output: Output): Promise<void> {
  const refused = await withKeys(options, async (keys) => {
    const hash = await findHash(keys, id);
    await keys.store.revoke(hash, Date.now());
    return keys.dismiss(id);
  });
  if (options.json) return output.json({ id, revoked: true });
  output.line(
    refused
      ? `${id} is revoked and refused from now on.`
      : `${id} is revoked; API Gateway does not know it, and the authorizer refuses it within a minute.`,
  );
}

async function findHash({ store }: Keeping, id: string): Promise<string> {
  for await (const key of store.list()) if (keyId(key) === id) return key.hash;
  throw new UserError(`There is no key "${id}".`, 'npm run fleet -- keys list shows their ids.');
}
