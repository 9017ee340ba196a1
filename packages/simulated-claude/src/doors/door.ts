import type { IncomingMessage } from 'node:http';
import type { ApiError } from '../api-error.ts';

/** A request as it came in, with its body. */
export interface Incoming {
  readonly request: IncomingMessage;
  /** Still percent-encoded. */
  readonly pathname: string;
  readonly query: URLSearchParams;
  readonly body: Buffer;
}

/** A request in the form of Anthropic's own API. */
export interface Entered {
  /** E.g. `POST /v1/messages`. */
  readonly operation: string;
  readonly body: Buffer;
  /** Scope of rate limits and caches: the API key, or the AWS access key id. */
  readonly caller: string;
}

/** A way into the simulated Claude: how calls are signed and worded, and in what form answers go out. */
export interface Door {
  readonly maxBytes: number;
  readonly requestIdHeader: string;
  /** The content type of a streamed answer. */
  readonly streamType: string;
  /** Checks who calls, and converts the request. Throws an `ApiError`. */
  enter(incoming: Incoming): Entered;
  /** The headers that this provider sends along with an answer. */
  headers(own: Readonly<Record<string, string>>): Readonly<Record<string, string>>;
  /** One event of a streamed answer. */
  frame(event: { readonly type: string }): string | Uint8Array;
  /** The body of an answer to `count_tokens`. */
  counted(tokens: number): object;
  /** An error in this provider's words. */
  error(error: ApiError, requestId: string): { readonly status: number; readonly type: string; readonly body: object };
}

/** A header's value, if it was sent. */
export function headerOf({ headers }: IncomingMessage, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}
