import { join } from 'node:path';
import { scopeSchema } from '#core/api/http/caller.ts';
import { keyId, storedScopes } from '#core/keys/key.ts';
import { ensureFolder, MAIN_DATA, sha256 } from '../fleet/paths.ts';
import { keeping, newKeyText, type KeyPlace } from './keeping.ts';
import { readKeyFile, writeKeyFile } from './key-file.ts';

/** The file with the local fleet's key, readable only for its user (mode 0600). It is deleted with the fleet's data. */
export const LOCAL_KEY_FILE = join(MAIN_DATA, 'api-key');

/** Returns the local fleet's key; null before its first start. Throws a `UserError` if the file holds something else. */
export const readLocalKey = (): string | null => readKeyFile(LOCAL_KEY_FILE);

/** Makes the key in the file valid for the local fleet; creates one at the first start. It has all scopes. */
export const ensureLocalKey = (place: KeyPlace): Promise<void> => admitKey(place, readLocalKey() ?? writeLocalKey());

/** Creates a key for a fleet that is booted for one command. It has all scopes. @public commands of systems use it */
export async function occasionKey(place: KeyPlace): Promise<string> {
  const key = newKeyText();
  await admitKey(place, key);
  return key;
}

/** Makes a key valid for a fleet on this machine. It has all scopes. */
export async function admitKey(place: KeyPlace, key: string, open = keeping): Promise<void> {
  const keys = open(place);
  try {
    const hash = sha256(key);
    // Completes a registration that an earlier start did not finish.
    await keys.admit(hash, keyId({ hash }));
    const kept = await keys.store.get(hash);
    const all = storedScopes(scopeSchema.options);
    if (kept === null)
      await keys.store.create({
        hash,
        name: 'local',
        tenant: 'default',
        ...all,
        agents: null,
        createdAt: Date.now(),
      });
    // An earlier release created it without the scope `fleet`.
    else if (!kept.fleetWide) await keys.store.replace({ ...kept, ...all });
  } finally {
    keys.close();
  }
}

function writeLocalKey(): string {
  ensureFolder(MAIN_DATA);
  return writeKeyFile(LOCAL_KEY_FILE);
}
