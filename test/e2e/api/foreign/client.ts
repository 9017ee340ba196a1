import type { DocumentedOperation } from '../../../support/api-document.ts';

/** What a request of an operation says. */
export interface Sent {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Got {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed; undefined for an answer without one. */
  readonly body: unknown;
}

/** An HTTP client that is not ours, as the drive uses it. */
export type ForeignClient = (operation: DocumentedOperation, sent: Sent) => Promise<Got>;
