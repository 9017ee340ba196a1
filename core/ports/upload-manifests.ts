/** The upload manifests, `_manifest.json`, as they are stored now. */
export interface UploadManifests {
  /** Strongly consistent. Null when the upload has none. */
  read(uploadId: string): Promise<{ readonly text: string; readonly etag: string } | null>;
}
