/** Identity and chance. */
export interface Ids {
  /** A fresh random id (UUID v4). */
  uuid(): string;
  /** SHA-256 of the bytes or UTF-8 text, as 64 hex characters. */
  digest(content: string | Uint8Array): string;
  /** Uniform in [0, 1). */
  random(): number;
}
