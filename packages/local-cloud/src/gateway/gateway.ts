import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { MessagePort } from 'node:worker_threads';
import { asServiceError, send } from '../services/http.ts';
import type { AuthorizeCall, Service } from '../services/service.ts';
import { writeXml } from '../services/xml.ts';
import { serveChannel } from './channel/serve.ts';
import { NOBODY, type Handling, type TakesRequests } from './handling.ts';
import { acceptHttp2 } from './http2.ts';
import { rejectPages } from './loopback.ts';
import type { Principals } from './principals.ts';
import { route } from './route.ts';
import { readSignature } from './sigv4/signature.ts';
import { Verifier } from './sigv4/verifier.ts';
import type { WatchCalls } from './watch.ts';

/** The single endpoint of all services. */
export interface Gateway {
  /** E.g. `http://127.0.0.1:4566`. */
  readonly endpoint: string;
  /** Serves the calls of an environment, which come over the port instead of a connection. */
  connect(port: MessagePort): void;
  /** Stops listening and closes every connection. */
  close(): Promise<void>;
}

/** Opens the gateway on 127.0.0.1. Throws when the port is in use. */
export async function openGateway(
  port: number,
  services: ReadonlyMap<string, Service>,
  principals: Principals,
  authorize: AuthorizeCall,
  { regions, watch }: { readonly regions?: TakesRequests | undefined; readonly watch?: WatchCalls | undefined } = {},
): Promise<Gateway> {
  const verifier = new Verifier((accessKeyId) => principals.secretOf(accessKeyId));
  const handling = { services, principals, authorize, verifier, regions };
  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    if (!rejectPages(request, response)) void handle(request, response, handling);
  };
  const ports = new Set<MessagePort>();
  const server = createServer(onRequest);
  const closeHttp2 = acceptHttp2(server);
  // Connections stay open: closing one while the client sends a request would look like a failure.
  server.keepAliveTimeout = 0;
  server.requestTimeout = 0;
  await listen(server, port);
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('The gateway has no port.');
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    connect: (port) => {
      ports.add(port);
      port.once('close', () => ports.delete(port));
      serveChannel(port, onRequest, watch);
    },
    close: () =>
      new Promise((resolve) => {
        for (const port of ports) port.close();
        server.close(() => resolve());
        server.closeAllConnections();
        closeHttp2();
      }),
  };
}

async function handle(request: IncomingMessage, response: ServerResponse, handling: Handling): Promise<void> {
  const { services, principals, authorize, verifier, regions } = handling;
  const signed = readSignature(request);
  if (regions?.take(request, response, signed, handling) === true) return;
  const { service, accessKeyId } = route(request.url ?? '/', request.headers, signed);
  const found = service === undefined ? undefined : services.get(service);
  if (found !== undefined) {
    const caller = principals.caller(accessKeyId) ?? NOBODY;
    try {
      if (found.reject !== undefined) verifier.verify(request, signed, found.name);
    } catch (error) {
      return found.reject?.(request, response, asServiceError(error));
    }
    // A service authorizes before it acts, and reports what this throws in its own form.
    return found.handle(request, response, caller, (action, input) => {
      if (found.reject === undefined && found.name !== 'execute-api') verifier.verify(request, signed, found.name);
      authorize(found.name, action, input, caller);
    });
  }
  const target = String(request.headers['x-amz-target'] ?? '');
  const available = [...services.keys()].sort().join(', ');
  const unknown = service ?? `for ${target}`;
  const message = `The local cloud does not have the service ${unknown}. Available services: ${available}.`;
  request.resume();
  sendUnknown(request, response, message);
}

/** Sends the error in the protocol of the client: XML for a form, otherwise JSON. */
function sendUnknown(request: IncomingMessage, response: ServerResponse, message: string): void {
  const Code = 'UnknownService';
  if (request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true) {
    const body = writeXml('ErrorResponse', { Error: { Type: 'Sender', Code, Message: message } }, '');
    return send(response, 501, body, { 'content-type': 'text/xml' });
  }
  send(response, 501, JSON.stringify({ __type: Code, message }), {
    'content-type': 'application/x-amz-json-1.0',
    'x-amzn-errortype': Code,
  });
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE';
      reject(
        taken
          ? new Error(`Port ${port} on 127.0.0.1 is in use. Stop the program that uses it or choose another port.`)
          : error,
      );
    });
    server.listen(port, '127.0.0.1', resolve);
  });
}
