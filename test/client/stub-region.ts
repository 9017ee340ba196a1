import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSocketServer, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { sendJson } from '../adapters/support/stub-api.ts';
import { problem } from './support.ts';

/** What a region accepts every task as. */
export const accepted = { id: 'eu.task-1', status: 'queued', links: { self: '/tasks/eu.task-1' } };

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly key: string | undefined;
  readonly body: string;
}

/** A region's API that a test decides about. */
export interface StubRegion {
  readonly url: string;
  /** Requests without the questions whether it answers. */
  readonly requests: readonly Received[];
  /** Stops as by kill -9: connections break, and new ones are refused. */
  die(): void;
}

export type Serve = (response: ServerResponse, request: Received, count: number) => void;

export const accept: Serve = (response) => sendJson(response, 202, accepted);
export const fail =
  (status: number, kind = 'failed', headers = {}): Serve =>
  (response) =>
    sendJson(response, status, problem(kind, status, 'Not here.'), headers);
/** As behind a cut cable: it takes connections, and says nothing ever. */
export const silent: Serve = () => undefined;

interface StubOptions {
  readonly cut?: boolean;
  /** Called for each question whether the region answers. */
  readonly onHead?: (count: number) => void;
}

/** A region's API. Like API Gateway it answers a HEAD of its address by itself, unless `cut` is set. */
export async function region(serve: Serve, { cut = false, onHead }: StubOptions = {}): Promise<StubRegion> {
  let heads = 0;
  const requests: Received[] = [];
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    if (request.method === 'HEAD') {
      onHead?.((heads += 1));
      return void (cut || response.writeHead(403).end());
    }
    void text(request).then((body) => {
      const { method = '', url: path = '', headers } = request;
      requests.push({ method, path, body, key: headers['idempotency-key'] as string | undefined });
      serve(response, requests[requests.length - 1] as Received, requests.length);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const die = (): void => {
    server.closeAllConnections();
    server.close();
  };
  onTestFinished(die);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, requests, die };
}

/** A region that answers nothing until `heal` is called. */
export async function cutRegion(): Promise<{ readonly us: StubRegion; readonly heal: () => void }> {
  let cut = true;
  const server = createServer((request, response) => {
    if (cut) return;
    if (request.method === 'HEAD') response.writeHead(403).end();
    else sendJson(response, 202, { ...accepted, id: 'task-of-us' });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const die = (): void => {
    server.closeAllConnections();
    server.close();
  };
  onTestFinished(die);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { us: { url, requests: [], die }, heal: () => void (cut = false) };
}

/** An address at which nothing listens. */
export async function refused(): Promise<StubRegion> {
  const server = createSocketServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return { url: `http://127.0.0.1:${port}/v1`, requests: [], die: () => undefined };
}
