import type { UploadStore } from '#core/ports/upload-store.ts';
import type { Upload } from '#core/uploads/upload.ts';

/** Uploads in memory, each written on condition of its version. */
export function inMemoryUploadStore(): UploadStore {
  const uploads = new Map<string, Upload>();
  return {
    get: async (id) => uploads.get(id) ?? null,
    async create(upload) {
      const existing = uploads.get(upload.id);
      if (existing) return existing;
      uploads.set(upload.id, { ...upload });
      return upload;
    },
    async replace(next) {
      if (uploads.get(next.id)?.version !== next.version - 1) return 'conflict';
      uploads.set(next.id, { ...next });
      return 'replaced';
    },
  };
}
