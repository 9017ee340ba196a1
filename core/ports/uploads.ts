/** Where clients upload large inputs. */
export interface Uploads {
  /** A URL that takes one PUT of these bytes under the key, until it expires. */
  sign(upload: { readonly key: string; readonly contentType: string; readonly size: number }): Promise<{
    readonly url: string;
    /** Milliseconds since the epoch. */
    readonly expiresAt: number;
  }>;
  /** Where an uploaded object lies, and its bytes; null where there is none. */
  find(key: string): Promise<{ readonly bucket: string; readonly key: string; readonly size: number } | null>;
}
