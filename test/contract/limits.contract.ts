import { describe, expect, it } from 'vitest';
import type { Limits } from '#core/ports/limits.ts';
import { freshId } from './samples.ts';

/** The contract of every store of limits. */
export function limitsContract(open: () => Limits): void {
  describe('limits of a tenant', () => {
    it('are none until they are set', async () => {
      expect(await open().ofTenant(freshId('tenant'))).toEqual({});
    });

    it('are replaced as a whole, and separate per tenant', async () => {
      const limits = open();
      const tenant = freshId('tenant');
      await limits.setTenant(tenant, { dayUsd: 5, dayTokens: 1_000, concurrent: 3 });
      expect(await limits.ofTenant(tenant)).toEqual({ dayUsd: 5, dayTokens: 1_000, concurrent: 3 });
      await limits.setTenant(tenant, { dayUsd: 0 });
      expect(await limits.ofTenant(tenant)).toEqual({ dayUsd: 0 });
      expect(await limits.ofTenant(freshId('tenant'))).toEqual({});
    });

    it.each([{ dayUsd: -1 }, { dayTokens: 1.5 }, { concurrent: 0 }])(
      'refuse %o by the name of the field',
      async (bad) => {
        const [field = ''] = Object.keys(bad);
        await expect(open().setTenant(freshId('tenant'), bad)).rejects.toThrow(field);
      },
    );
  });
}
