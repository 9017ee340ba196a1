import { describe, expect, it } from 'vitest';
import { authenticate } from '#core/keys/authenticate.ts';
import type { ApiKey } from '#core/keys/key.ts';
import type { KeyStore } from '#core/ports/key-store.ts';
import { manualClock } from '../../support/fakes/manual-clock.ts';
import { seededIds } from '../../support/fakes/seeded-ids.ts';

const KEY = `flk_${'k'.repeat(43)}`;

function world(given: Partial<ApiKey>) {
  const clock = manualClock();
  const ids = seededIds(1);
  const hash = ids.digest(KEY);
  const kept: ApiKey = {
    hash,
    name: 'ci',
    tenant: 'acme',
    scopes: ['read'],
    agents: null,
    createdAt: clock.now(),
    ...given,
  };
  const keys: Pick<KeyStore, 'get'> = { get: async (wanted) => (wanted === hash ? kept : null) };
  return { clock, ask: (header: string) => authenticate({ keys: keys as KeyStore, ids, clock }, header) };
}

describe('a key', () => {
  it('grants its tenant and scopes until it expires', async () => {
    const { clock, ask } = world({ validUntil: manualClock().now() + 1_000 });
    expect(await ask(`Bearer ${KEY}`)).toMatchObject({ caller: { tenant: 'acme', scopes: ['read'] } });
    clock.advance(999);
    expect(await ask(`Bearer ${KEY}`)).not.toBeNull();
    clock.advance(1);
    expect(await ask(`Bearer ${KEY}`)).toBeNull();
  });

  it('grants nothing after it is revoked, even before it expires', async () => {
    const { ask } = world({ revokedAt: 1, validUntil: Number.MAX_SAFE_INTEGER });
    expect(await ask(`Bearer ${KEY}`)).toBeNull();
  });

  it.each(['', KEY, `Basic ${KEY}`, `Bearer ${KEY} x`, `Bearer flk_${'k'.repeat(42)}`, 'Bearer flk_short'])(
    'is not in “%s”',
    async (header) => {
      expect(await world({}).ask(header)).toBeNull();
    },
  );
});
