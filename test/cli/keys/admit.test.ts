import { expect, it } from 'vitest';
import { findValid } from '#cli/keys/admit.ts';
import { keyId, type ApiKey } from '#core/keys/key.ts';

const key = (hash: string, over: Partial<ApiKey> = {}): ApiKey => ({
  hash: hash.repeat(64),
  name: 'ci',
  tenant: 'acme',
  scopes: ['read'],
  agents: null,
  createdAt: 1,
  ...over,
});

it('a key that was revoked or has expired is not admitted by its id', async () => {
  const [valid, revoked, expired] = [key('a'), key('b', { revokedAt: 2 }), key('c', { validUntil: 2 })];
  const store = {
    async *list() {
      yield* [valid, revoked, expired];
    },
  };
  const keys = { store };
  expect(await findValid(keys, keyId(valid))).toBe(valid);
  await expect(findValid(keys, keyId(revoked))).rejects.toThrow('was revoked.');
  await expect(findValid(keys, keyId(expired))).rejects.toThrow('has expired.');
});
