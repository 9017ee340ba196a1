import { createServer } from 'node:http';
import { rejectPages } from '../../../gateway/loopback.ts';
import type { DataPlane } from './data-plane.ts';
import type { ApiFront } from './front.ts';

/** Maximum pending connections, so that the operating system does not reject a burst. */
const BACKLOG = 4096;
/** About as long as AWS keeps an idle connection. */
const KEEP_ALIVE_MS = 65_000;

/** The server on the API port. */
export interface ApiServer {
  /** E.g. `http://127.0.0.1:4400`. */
  readonly endpoint: string;
  /** Stops accepting connections. Running requests are completed. */
  stop(): void;
  /** Closes every connection. */
  close(): Promise<void>;
}

/** Listens on 127.0.0.1. Port 0 selects a free port. Throws if the port is in use, with a remedy. */
export async function openApiServer(port: number, dataPlane: DataPlane, front: ApiFront): Promise<ApiServer> {
  const pass: DataPlane['handleAtRoot'] = (request, response) => dataPlane.handleAtRoot(request, response);
  const server = createServer((request, response) => {
    if (!rejectPages(request, response)) void front(request, response, pass);
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  const closed = new Promise<void>((resolve) => void server.once('close', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE';
      const remedy = `Port ${port} on 127.0.0.1 is in use, and the API needs it. Stop the process that uses it, or set another port (apiPort).`;
      reject(taken ? new Error(remedy) : error);
    });
    server.listen({ port, host: '127.0.0.1', backlog: BACKLOG }, resolve);
  });
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('The API server has no port.');
  const stop = (): void => void (server.listening && server.close());
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    stop,
    close: () => {
      stop();
      server.closeAllConnections();
      return closed;
    },
  };
}
