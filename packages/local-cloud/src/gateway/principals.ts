import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { Caller } from '../services/service.ts';
import type { Secret } from './sigv4/verifier.ts';

/** An access key of the machine's own user. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** The credentials of a function, as Lambda sets them. */
export interface TemporaryCredentials extends Credentials {
  readonly sessionToken: string;
}

/**
 * The callers by access key. The machine's own user has one that is given. Each function, state machine, mapping and
 * schedule has its own, whose secret comes from a random key in memory: whoever reads this user's files cannot compute it.
 */
export class Principals {
  readonly #callers = new Map<string, Caller>();
  readonly #owner: Credentials;
  readonly #key = randomBytes(32);
  readonly #credentials = new Map<string, TemporaryCredentials>();

  constructor(owner: Credentials) {
    this.#owner = owner;
    this.#callers.set(owner.accessKeyId, { accessKeyId: owner.accessKeyId, principal: 'root' });
  }

  /** Issues the key of `owner` (an ARN) under `roleArn`. Its id is the same at every start, its secret is not. */
  issue(owner: string, roleArn: string): Caller {
    const digest = createHash('sha256').update(owner).digest('hex').toUpperCase();
    const caller = { accessKeyId: `ASIA${digest.slice(0, 16)}`, principal: roleArn };
    this.#callers.set(caller.accessKeyId, caller);
    return caller;
  }

  /** The caller behind a key; undefined for a key that nobody issued. */
  caller(accessKeyId: string | undefined): Caller | undefined {
    return accessKeyId === undefined ? undefined : this.#callers.get(accessKeyId);
  }

  /** The secret of a key, for verifying its signatures; undefined for a key that nobody issued. */
  secretOf(accessKeyId: string): Secret | undefined {
    if (accessKeyId === this.#owner.accessKeyId) return { secretAccessKey: this.#owner.secretAccessKey };
    return this.#callers.has(accessKeyId) ? this.credentialsOf(accessKeyId) : undefined;
  }

  /** The credentials of a key that was issued. They are kept, since every request asks for them. */
  credentialsOf(accessKeyId: string): TemporaryCredentials {
    const known = this.#credentials.get(accessKeyId);
    if (known !== undefined) return known;
    const made = {
      accessKeyId,
      secretAccessKey: this.#derive(`secret ${accessKeyId}`),
      sessionToken: this.#derive(`token ${accessKeyId}`),
    };
    if (this.#callers.has(accessKeyId)) this.#credentials.set(accessKeyId, made);
    return made;
  }

  #derive(text: string): string {
    return createHmac('sha256', this.#key).update(text).digest('base64');
  }
}
