import type { DocumentedOperation } from '../../../support/api-document.ts';

/** The contents of a request. */
export interface Sent {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Got {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed; undefined for a response without a body. */
  readonly body: unknown;
}

/** A third-party HTTP client, as used by the drive. */
export type ForeignClient = (operation: DocumentedOperation, sent: Sent) => Promise<Got>;
