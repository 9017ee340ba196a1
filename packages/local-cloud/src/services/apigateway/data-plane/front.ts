import type { IncomingMessage, ServerResponse } from 'node:http';

/**
 * Stands before the APIs on their port, as a distribution does on AWS: it serves a request itself, or changes its `url` and
 * `rawHeaders` and passes it on. It receives no request that a page of another site sent. It must not throw.
 */
export type ApiFront = (
  request: IncomingMessage,
  response: ServerResponse,
  pass: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
) => Promise<void>;

/** Passes every request on. */
export const noFront: ApiFront = (request, response, pass) => pass(request, response);
