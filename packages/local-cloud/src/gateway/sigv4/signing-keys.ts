import { createHmac } from 'node:crypto';
import type { Signature } from './signature.ts';

/** Only keys of this machine get here, but their scopes are what the caller wrote. */
const MAX_KEYS = 500;

/** Derives the key that signs the requests of one access key on one day, in one region and to one service, and keeps it. */
export class SigningKeys {
  readonly #keys = new Map<string, Buffer>();

  of({ accessKeyId, date, region, service }: Signature, secretAccessKey: string): Buffer {
    const id = `${accessKeyId}/${date}/${region}/${service}`;
    const known = this.#keys.get(id);
    if (known !== undefined) return known;
    const key = hmac(hmac(hmac(hmac(`AWS4${secretAccessKey}`, date), region), service), 'aws4_request');
    if (this.#keys.size >= MAX_KEYS) this.#keys.clear();
    this.#keys.set(id, key);
    return key;
  }
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
