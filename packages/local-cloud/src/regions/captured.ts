import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Bytes } from '../gateway/channel/messages.ts';
import { ServedResponse } from '../gateway/channel/served-response.ts';
import type { ServedRequest } from '../gateway/channel/served-request.ts';

/** A whole response. */
export interface Answer {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
}

/** Lets a service answer into memory. */
export interface Captured {
  /** For the service. Destroy it when nobody waits any more. */
  readonly response: ServerResponse;
  /** Undefined when the response broke off. */
  readonly answer: Promise<Answer | undefined>;
}

export function capture(request: IncomingMessage): Captured {
  const { promise, resolve } = Promise.withResolvers<Answer | undefined>();
  const parts: Buffer[] = [];
  let head: Omit<Answer, 'body'> = { status: 500, headers: {} };
  const end = (): void => resolve({ ...head, body: Buffer.concat(parts) });
  const response: ServedResponse = new ServedResponse(request as unknown as ServedRequest, 0, (message) => {
    if (message.type === 'abort') return resolve(undefined);
    if (message.type === 'end') return end();
    if (message.type === 'chunk') parts.push(asBuffer(message.bytes));
    else {
      head = { status: message.status, headers: message.headers };
      parts.push(asBuffer(message.body));
      if (!message.more) return end();
    }
    response.chunkRead();
  });
  return { response: response as unknown as ServerResponse, answer: promise };
}

/** Sends a captured answer, unless nobody waits for it any more. */
export function sendAnswer(response: ServerResponse, { status, headers, body }: Answer): void {
  if (response.destroyed || response.writableEnded) return;
  response.writeHead(status, { ...headers, 'content-length': body.length });
  response.end(body);
}

const asBuffer = (bytes: Bytes): Buffer => (typeof bytes === 'string' ? Buffer.from(bytes) : Buffer.from(bytes));
