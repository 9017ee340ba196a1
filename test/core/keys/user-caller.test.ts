import { describe, expect, test } from 'vitest';
import { authenticateUser } from '#core/keys/authenticate.ts';
import { callerOfUser } from '#core/keys/user-caller.ts';

const person = (...groups: readonly string[]) => callerOfUser({ subject: 'c0ffee', groups: [...groups] });

describe('a person who signed in', () => {
  test('acts for the tenant and with the scopes of their groups (I8)', () => {
    expect(person('tenant:acme', 'scope:read', 'scope:operate', 'staff')).toEqual({
      tenant: 'acme',
      scopes: ['read', 'operate'],
      agents: null,
      keyId: 'user-c0ffee',
    });
  });

  test('without a group of a scope may do nothing', () => {
    expect(person('tenant:acme', 'scope:everything', 'read')?.scopes).toEqual([]);
  });

  test.each([
    [[]],
    [['scope:read']],
    [['tenant:acme', 'tenant:other']],
    [['tenant:']],
    [['tenant:Acme']],
    [['tenant:a*']],
  ])('of no tenant, or of several, is refused (I8): %j', (groups) => {
    expect(person(...groups)).toBe(null);
  });
});

describe('an Authorization header', () => {
  const tokens = {
    verify: async (token: string) => ({ subject: token.replaceAll('.', '-'), groups: ['tenant:acme'] }),
  };

  test('with a token is verified', async () => {
    expect((await authenticateUser(tokens, 'Bearer a.b.c'))?.keyId).toBe('user-a-b-c');
  });

  test.each(['', 'Bearer flk_key', 'Bearer a.b', 'Basic a.b.c', 'Bearer a.b.c.d', 'a.b.c'])(
    'with something else is none: %j',
    async (header) => {
      expect(await authenticateUser(tokens, header)).toBe(null);
    },
  );
});
