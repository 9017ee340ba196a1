import { createServer } from 'node:http';
import type { DataPlane } from './data-plane.ts';

/** Connections that wait to be accepted, so that a burst is not turned away by the operating system. */
const BACKLOG = 4096;
/** As long as AWS keeps an idle connection, about. */
const KEEP_ALIVE_MS = 65_000;

/** The APIs' own port. */
export interface ApiServer {
  /** E.g. `http://127.0.0.1:4400`. */
  readonly endpoint: string;
  /** Takes no new connections; what runs is answered. */
  stop(): void;
  /** Closes every connection. */
  close(): Promise<void>;
}

/** Listens on 127.0.0.1; 0 takes a free port. Throws when the port is taken, saying what to do. */
export async function openApiServer(port: number, dataPlane: DataPlane): Promise<ApiServer> {
  const server = createServer((request, response) => void dataPlane.handleAtRoot(request, response));
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  const closed = new Promise<void>((resolve) => void server.once('close', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE';
      const remedy = `Port ${port} of 127.0.0.1 is taken, and the API needs it: stop what listens there, or choose another one (apiPort).`;
      reject(taken ? new Error(remedy) : error);
    });
    server.listen({ port, host: '127.0.0.1', backlog: BACKLOG }, resolve);
  });
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('The API has no port.');
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
