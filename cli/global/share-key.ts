import { setTimeout as delay } from 'node:timers/promises';
import { keyId } from '#core/keys/key.ts';
import { sha256 } from '../fleet/paths.ts';
import { keeping, type KeyPlace } from '../keys/keeping.ts';
import { readKeyFile, writeKeyFile } from '../keys/key-file.ts';
import { admitKey } from '../keys/local-key.ts';
import { shareSigningSecret } from './share-secret.ts';
import { ensureGlobalFolder, keyFile } from './paths.ts';

/**
 * The key of the regions in a data folder, which only this user can read. It is created at the first use. Throws a `UserError`
 * if the file holds something else.
 */
export function keyIn(dataDir: string): string {
  const file = keyFile(ensureGlobalFolder(dataDir));
  return readKeyFile(file) ?? writeKeyFile(file);
}

/**
 * Makes a key valid in all regions, and has them sign callbacks by one secret. Its record is written in the first region alone and replicated, since an item has one
 * writer. The gateway of each region has keys of its own.
 */
export async function shareKey([first, ...others]: readonly [KeyPlace, ...KeyPlace[]], key: string): Promise<void> {
  await shareSigningSecret([first, ...others]);
  await admitKey(first, key);
  for (const place of others) await admitAtGateway(place, key);
}

const LOOK_EVERY_MS = 100;
/** Replication takes a second. A region that it does not reach has other troubles. */
const LOOKS = 100;

/** Registers a key at a region's gateway. Its record arrives there by replication: until then requests would be rejected. */
async function admitAtGateway(place: KeyPlace, key: string): Promise<void> {
  const keys = keeping(place);
  const hash = sha256(key);
  try {
    await keys.admit(hash, keyId({ hash }));
    for (let look = 0; look < LOOKS && (await keys.store.get(hash)) === null; look += 1) await delay(LOOK_EVERY_MS);
  } finally {
    keys.close();
  }
}
