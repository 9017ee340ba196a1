import { describe, expect, it } from 'vitest';
import type { HostPaceStore } from '#core/ports/host-pace-store.ts';
import { newHostPace } from '#core/web/politeness.ts';
import { freshId } from './samples.ts';

/** The contract of every store of sites' paces. */
export function hostPaceStoreContract(open: () => HostPaceStore): void {
  describe('the pace of a site', () => {
    it('is null until it is written, then read back unchanged', async () => {
      const store = open();
      const pace = { ...newHostPace(freshId('site')), version: 1, holder: { id: 'a', until: 17 }, nextAt: 5.5 };
      expect(await store.read(pace.host)).toBeNull();
      expect(await store.replace(pace)).toBe('replaced');
      expect(await store.read(pace.host)).toEqual(pace);
    });

    it('changes only from the version that was read, so that one of several workers gets a permit', async () => {
      const store = open();
      const host = freshId('site');
      const outcomes = await Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          store.replace({ ...newHostPace(host), version: 1, holder: { id: String(index), until: 1 } }),
        ),
      );
      expect(outcomes.filter((outcome) => outcome === 'replaced')).toHaveLength(1);
      const winner = String(outcomes.indexOf('replaced'));
      expect(await store.read(host)).toMatchObject({ holder: { id: winner } });
      expect(await store.replace({ ...newHostPace(host), version: 3 })).toBe('conflict');
      expect(await store.replace({ ...newHostPace(host), version: 2 })).toBe('replaced');
      expect(await store.read(host)).toMatchObject({ version: 2, holder: null });
    });
  });
}
