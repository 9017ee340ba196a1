import type { Upload } from '../uploads/upload.ts';

/** The state of uploads: one item each, written on condition of its version like a task. */
export interface UploadStore {
  /** The newest state, strongly consistent. */
  get(id: string): Promise<Upload | null>;
  /** Puts the upload if its id is free. Returns the stored one. */
  create(upload: Upload): Promise<Upload>;
  /** Writes `next` if the stored version is still `next.version - 1`. */
  replace(next: Upload): Promise<'replaced' | 'conflict'>;
}
