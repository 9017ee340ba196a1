import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { callerContext, callerFrom, type Caller } from '#core/api/http/caller.ts';
import { apiKeySchema, callerOf, scopesOf, storedScopes } from '#core/keys/key.ts';

const scopes = ['read' as const, 'operate' as const, 'fleet' as const];
const caller: Caller = { tenant: 'acme', keyId: 'key-1', scopes, agents: null };
const key = { hash: 'a'.repeat(64), name: 'ops', tenant: 'acme', agents: null, createdAt: 0 };
/** As release 0.2 parses the scopes of a stored key, and those of a context after it has split them. */
const before = z.array(z.enum(['submit', 'read', 'operate'])).min(1);

describe('the scope fleet', () => {
  it('is kept and passed on beside scopes that release 0.2 can read', () => {
    expect(before.parse(storedScopes(scopes).scopes)).toEqual(['read', 'operate']);
    expect(before.parse(callerContext(caller)['scopes']?.split(' '))).toEqual(['read', 'operate']);
    expect(callerOf(apiKeySchema.parse({ ...key, ...storedScopes(scopes) }), 1)?.scopes).toEqual(scopes);
    expect(callerFrom(callerContext(caller))).toEqual(caller);
  });

  it('is not granted to a key or by an authorizer of release 0.2', () => {
    expect(scopesOf(apiKeySchema.parse({ ...key, scopes: ['operate'] }))).toEqual(['operate']);
    const context = { tenant: 'acme', keyId: 'key-1', scopes: 'submit read operate', agents: '*' };
    expect(callerFrom(context).scopes).toEqual(['submit', 'read', 'operate']);
  });

  it('of a later release, and any other that is unknown, grants nothing', () => {
    const context = { tenant: 'acme', keyId: 'key-1', scopes: 'read audit', agents: '*' };
    expect(callerFrom(context).scopes).toEqual(['read']);
  });
});
