import type { IncomingMessage, ServerResponse } from 'node:http';
import type { MessagePort } from 'node:worker_threads';
import { rememberBody } from '../../services/payload.ts';
import { readSignature } from '../sigv4/signature.ts';
import type { WatchCalls, WatchedAnswer, WatchedCall } from '../watch.ts';
import { postingTogether } from './calls.worker.ts';
import type { FromEnvironment, FromGateway } from './messages.ts';
import { ServedRequest } from './served-request.ts';
import { ServedResponse } from './served-response.ts';

/** Serves the calls that an environment sends over the port. When the environment ends, its open calls are aborted. */
export function serveChannel(
  port: MessagePort,
  handle: (request: IncomingMessage, response: ServerResponse) => void,
  watch?: WatchCalls,
): void {
  const open = new Map<number, ServedResponse>();
  const post = postingTogether<FromGateway>(port);
  const serve = ({ id, method, path, headers, body }: Extract<FromEnvironment, { type: 'request' }>): void => {
    const bytes = typeof body === 'string' ? Buffer.from(body) : Buffer.from(body.buffer);
    const request = new ServedRequest(method, path, headers, bytes);
    const answered = watch?.(callOf(request, bytes));
    const response = new ServedResponse(request, id, answered === undefined ? post : telling(answered, post));
    open.set(id, response);
    response.once('close', () => open.delete(id));
    const incoming = request as unknown as IncomingMessage;
    rememberBody(incoming, bytes);
    handle(incoming, response as unknown as ServerResponse);
  };
  port.on('message', (messages: readonly FromEnvironment[]) => {
    for (const message of messages) {
      if (message.type === 'read') open.get(message.id)?.chunkRead();
      else if (message.type === 'abort') open.get(message.id)?.destroy();
      else serve(message);
    }
  });
  port.on('close', () => {
    for (const response of open.values()) response.destroy();
  });
}

function callOf(request: ServedRequest, body: Buffer): WatchedCall {
  const signed = readSignature(request);
  const region = signed.kind === 'signed' ? signed.signature.region : '';
  return { region, target: request.headers['x-amz-target'] ?? '', body: body.toString('utf8') };
}

/** Posts messages, and tells of a whole answer before. */
function telling(
  answered: (answer: WatchedAnswer) => void,
  post: (message: FromGateway) => void,
): (message: FromGateway) => void {
  return (message) => {
    if (message.type === 'response' && !message.more)
      answered({ status: message.status, body: Buffer.from(message.body).toString('utf8') });
    post(message);
  };
}
