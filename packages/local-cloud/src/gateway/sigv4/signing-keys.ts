import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import type { Signature } from './signature.ts';

/** Only keys of this machine get here, but their scopes are what the caller wrote. */
const MAX_KEYS = 500;

/**
 * Derives the key that signs the requests of one access key on one day, in one region and to one service, and keeps it.
 * As a `KeyObject`, since `createHmac` takes one in a fifth of the time that it takes for the same bytes.
 */
export class SigningKeys {
  readonly #keys = new Map<string, KeyObject>();

  of({ accessKeyId, date, region, service }: Signature, secretAccessKey: string): KeyObject {
    const id = `${accessKeyId}/${date}/${region}/${service}`;
    const known = this.#keys.get(id);
    if (known !== undefined) return known;
    const key = createSecretKey(
      hmac(hmac(hmac(hmac(`AWS4${secretAccessKey}`, date), region), service), 'aws4_request'),
    );
    if (this.#keys.size >= MAX_KEYS) this.#keys.clear();
    this.#keys.set(id, key);
    return key;
  }
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
