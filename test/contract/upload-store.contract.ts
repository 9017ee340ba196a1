import { describe, expect, it } from 'vitest';
import type { UploadStore } from '#core/ports/upload-store.ts';
import { newUpload } from '#core/uploads/upload.ts';
import { freshId } from './samples.ts';

/** The contract of every upload store. */
export function uploadStoreContract(open: () => UploadStore): void {
  describe('uploads', () => {
    it('are created once, and later writers get the existing upload', async () => {
      const store = open();
      const upload = newUpload(freshId('upload'));
      expect(await store.get(upload.id)).toBeNull();
      expect(await store.create(upload)).toEqual(upload);
      expect(await store.create({ ...upload, lastObjectAt: 9 })).toEqual(upload);
      expect(await store.get(upload.id)).toEqual(upload);
    });

    it('change only from the version that was read', async () => {
      const store = open();
      const upload = await store.create(newUpload(freshId('upload')));
      const next = { ...upload, version: 2, rounds: 1, coveredUntil: 1_763_900_000_123, checkAt: 5 };
      expect(await store.replace(next)).toBe('replaced');
      expect(await store.replace({ ...next, rounds: 2 })).toBe('conflict');
      expect(await store.get(upload.id)).toEqual(next);
    });

    it('let exactly one of several writers win', async () => {
      const store = open();
      const upload = await store.create(newUpload(freshId('upload')));
      const outcomes = await Promise.all(
        Array.from({ length: 10 }, (_, rounds) => store.replace({ ...upload, version: 2, rounds })),
      );
      expect(outcomes.filter((outcome) => outcome === 'replaced')).toHaveLength(1);
      expect((await store.get(upload.id))?.rounds).toBe(outcomes.indexOf('replaced'));
    });

    it('are not recreated by a late write', async () => {
      const store = open();
      const ghost = { ...newUpload(freshId('upload')), version: 2 };
      expect(await store.replace(ghost)).toBe('conflict');
      expect(await store.get(ghost.id)).toBeNull();
    });
  });
}
