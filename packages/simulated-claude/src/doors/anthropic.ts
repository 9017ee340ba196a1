import { ApiError } from '../api-error.ts';
import type { AwsKey } from '../options.ts';
import { headerOf, type Door, type Incoming } from './door.ts';
import { isSigned, verifySignature } from './sigv4.ts';

/** Source: the API overview, "Request size limits". */
const MAX_BODY_BYTES = 32 * 1024 * 1024;
/** Source: the Message Batches guide, "Batch limitations". */
const MAX_BATCH_BYTES = 256 * 1024 * 1024;
const BATCHES = '/v1/messages/batches';

/**
 * Anthropic's own API, and Claude Platform on AWS, which has the same operations: there a request is signed for the
 * service `aws-external-anthropic` and names its workspace.
 */
export function anthropicDoor(pathname: string, keys: readonly AwsKey[]): Door {
  return {
    maxBytes: pathname === BATCHES ? MAX_BATCH_BYTES : MAX_BODY_BYTES,
    requestIdHeader: 'request-id',
    streamType: 'text/event-stream; charset=utf-8',
    enter(incoming) {
      const { request, body } = incoming;
      const caller = isSigned(request) ? bySignature(incoming, keys) : byKey(incoming);
      if (headerOf(request, 'anthropic-version') === undefined)
        throw new ApiError('invalid_request_error', 'anthropic-version: header is required');
      return { operation: `${request.method} ${pathname}`, body, caller };
    },
    headers: (own) => own,
    frame: (event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`,
    counted: (tokens) => ({ input_tokens: tokens }),
    error: ({ type, status, message }, requestId) => ({
      status,
      type,
      body: { type: 'error', error: { type, message }, request_id: requestId },
    }),
  };
}

/** Accepts any key, but requires one: a worker without its secret must fail here too. */
function byKey({ request }: Incoming): string {
  const key = headerOf(request, 'x-api-key') ?? headerOf(request, 'authorization')?.replace(/^Bearer\s+/i, '');
  if (!key?.trim()) throw new ApiError('authentication_error', 'x-api-key header is required');
  return key;
}

function bySignature(incoming: Incoming, keys: readonly AwsKey[]): string {
  if (headerOf(incoming.request, 'anthropic-workspace-id') === undefined)
    throw new ApiError('invalid_request_error', 'anthropic-workspace-id: header is required');
  return verifySignature(incoming, 'aws-external-anthropic', keys);
}
