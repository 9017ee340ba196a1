import type { ApiKey } from '../keys/key.ts';

/** The keys of the task API. */
export interface KeyStore {
  /** Strongly consistent, so that a revoked key is seen as one. */
  get(hash: string): Promise<ApiKey | null>;
  /** Puts a new key. */
  create(key: ApiKey): Promise<void>;
  /** Writes a key that exists with other scopes. Whether it is revoked does not change. */
  replace(key: ApiKey): Promise<void>;
  /** Marks a key as revoked; again changes nothing. False where there is no such key. */
  revoke(hash: string, at: number): Promise<boolean>;
  /** All keys, oldest first. Eventually consistent. */
  list(): AsyncIterable<ApiKey>;
}
