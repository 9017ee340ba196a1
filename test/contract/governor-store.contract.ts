import { describe, expect, it } from 'vitest';
import { newPace } from '#core/governor/pace.ts';
import type { GovernorStore } from '#core/ports/governor-store.ts';
import { freshId } from './samples.ts';

/** The contract of every store of paces. */
export function governorStoreContract(open: () => GovernorStore): void {
  describe('the pace of a model', () => {
    it('is null until it is written, then read back unchanged', async () => {
      const store = open();
      const pace = { ...newPace(freshId('model')), version: 1, guess: 12.5, blockedUntil: 1_763_900_000_123.25 };
      expect(await store.read(pace.model)).toBeNull();
      expect(await store.replace(pace)).toBe('replaced');
      expect(await store.read(pace.model)).toEqual(pace);
      expect(await store.read(freshId('model'))).toBeNull();
    });

    it('changes only from the version that was read', async () => {
      const store = open();
      const pace = { ...newPace(freshId('model')), version: 1 };
      await store.replace(pace);
      expect(await store.replace(pace)).toBe('conflict');
      expect(await store.replace({ ...pace, version: 3 })).toBe('conflict');
      expect(await store.replace({ ...pace, version: 2, tight: true })).toBe('replaced');
      expect(await store.read(pace.model)).toMatchObject({ version: 2, tight: true });
    });

    it('lets exactly one of several writers win', async () => {
      const store = open();
      const pace = { ...newPace(freshId('model')), version: 1 };
      const outcomes = await Promise.all(
        Array.from({ length: 10 }, (_, index) => store.replace({ ...pace, correctedAt: index })),
      );
      expect(outcomes.filter((outcome) => outcome === 'replaced')).toHaveLength(1);
      expect((await store.read(pace.model))?.correctedAt).toBe(outcomes.indexOf('replaced'));
    });
  });
}
