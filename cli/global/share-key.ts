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

export interface Sharing {
  /** Opens what a region keeps of keys. @default over AWS's APIs */
  readonly open?: typeof keeping;
  /** Milliseconds between two looks whether the key has arrived in a region. @default 100 */
  readonly lookEveryMs?: number;
}

/** Has all regions accept one key, and sign callbacks by one secret. */
export async function shareAccess(places: readonly [KeyPlace, ...KeyPlace[]], key: string): Promise<void> {
  await shareSigningSecret(places);
  await shareKey(places, key);
}

/**
 * Makes a key valid in all regions. Its record is written in the first region alone and replicated, since an item has one
 * writer. The gateway of each region has keys of its own.
 */
export async function shareKey(
  [first, ...others]: readonly [KeyPlace, ...KeyPlace[]],
  key: string,
  { open = keeping, lookEveryMs = 100 }: Sharing = {},
): Promise<void> {
  await admitKey(first, key, open);
  const hash = sha256(key);
  const [source, ...opened] = [first, ...others].map(open);
  const arrived = async (looks: number): Promise<boolean> => {
    for (let look = 0; look < looks; look += 1) {
      const read = await Promise.all(opened.map(({ store }) => store.get(hash)));
      if (read.every((record) => record !== null)) return true;
      await delay(lookEveryMs);
    }
    return false;
  };
  try {
    await Promise.all(opened.map((each) => each.admit(hash, keyId({ hash }))));
    if (await arrived(REPLICATED)) return;
    // What was replicated before is not again, so a region whose data was deleted gets it by another write.
    const record = await source?.store.get(hash);
    if (record) await source?.store.replace({ ...record, createdAt: Date.now() });
    await arrived(LATE);
  } finally {
    for (const each of [source, ...opened]) each?.close();
  }
}

/** Looks within which a record arrives: replication takes a second. */
const REPLICATED = 30;
/** A region in which it has not arrived after so many more has other troubles. */
const LATE = 100;
