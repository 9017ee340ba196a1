/** Where clients upload large inputs. */
export interface Uploads {
  /** A URL that accepts one PUT of an object of this size under the key, until it expires. */
  sign(upload: { readonly key: string; readonly contentType: string; readonly size: number }): Promise<{
    readonly url: string;
    /** Milliseconds since the epoch. */
    readonly expiresAt: number;
  }>;
  /** The location and size of an uploaded object, or null when it does not exist. */
  find(key: string): Promise<{ readonly bucket: string; readonly key: string; readonly size: number } | null>;
}
