import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { keyId } from '#core/keys/key.ts';
import { ensureFolder, MAIN_DATA, sha256 } from '../fleet/paths.ts';
import { keeping, newKeyText, type KeyPlace } from './keeping.ts';

/** The key of the fleet on this machine, for its user alone (mode 0600). It goes when the fleet's data goes. */
export const LOCAL_KEY_FILE = join(MAIN_DATA, 'api-key');

/** The local fleet's key; null before its first start. */
export function readLocalKey(): string | null {
  try {
    return readFileSync(LOCAL_KEY_FILE, 'utf8').trim() || null;
  } catch {
    return null;
  }
}

/** Sees to it that the local fleet takes the key in the file, and makes one at the first start. It may do everything. */
export const ensureLocalKey = (place: KeyPlace): Promise<void> => admitKey(place, readLocalKey() ?? writeLocalKey());

/** A key for a fleet booted for an occasion, which ends with it. It may do everything. */
export async function occasionKey(place: KeyPlace): Promise<string> {
  const key = newKeyText();
  await admitKey(place, key);
  return key;
}

async function admitKey(place: KeyPlace, key: string): Promise<void> {
  const keys = keeping(place);
  try {
    const hash = sha256(key);
    // What a start that was killed left undone is done by the next one.
    await keys.admit(hash, keyId({ hash }));
    if ((await keys.store.get(hash)) === null)
      await keys.store.create({
        hash,
        name: 'local',
        tenant: 'default',
        scopes: ['submit', 'read', 'operate'],
        agents: null,
        createdAt: Date.now(),
      });
  } finally {
    keys.close();
  }
}

function writeLocalKey(): string {
  const key = newKeyText();
  ensureFolder(MAIN_DATA);
  writeFileSync(LOCAL_KEY_FILE, `${key}\n`, { mode: 0o600 });
  return key;
}
