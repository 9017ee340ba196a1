import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http2';
import type { Http2ServerRequest, ServerHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';

/** What every HTTP/2 connection begins with. No method of HTTP/1.1 does. */
const PREFACE = Buffer.from('PRI ');

/**
 * Makes a server accept HTTP/2 without TLS on the same port: the SDK's client of Kinesis uses it unless it is given another
 * request handler. A request becomes a `request` event of the server, as one of HTTP/1.1 does.
 * @returns closes what `server.closeAllConnections` does not know: HTTP/2 connections, and those that have sent nothing yet,
 *   as browsers open them ahead
 */
export function acceptHttp2(server: Server): () => void {
  const sessions = new Set<ServerHttp2Session>();
  const silent = new Set<Socket>();
  const http2 = createServer();
  http2.on('session', (session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
  });
  http2.on('request', (request, response) => {
    nameHost(request);
    // The compatibility API of Node has what services use of both.
    server.emit('request', request as unknown as IncomingMessage, response as unknown as ServerResponse);
  });
  const [accept] = server.listeners('connection');
  if (accept === undefined) throw new Error('The server accepts no connections.');
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    const forget = (): void => void silent.delete(socket);
    silent.add(socket);
    socket.once('close', forget);
    firstBytes(socket, (bytes) => {
      forget();
      socket.off('close', forget);
      if (bytes.subarray(0, PREFACE.length).equals(PREFACE)) http2.emit('connection', socket);
      else accept.call(server, socket);
    });
  });
  return () => {
    for (const open of [...sessions, ...silent]) open.destroy();
  };
}

/** Shows the first bytes of a connection to `choose`, which may then read them again. */
function firstBytes(socket: Socket, choose: (bytes: Buffer) => void): void {
  const ignore = (): void => {};
  socket.on('error', ignore);
  const read = (): void => {
    const bytes = socket.read() as Buffer | null;
    if (bytes === null) return void socket.once('readable', read);
    socket.unshift(bytes);
    choose(bytes);
    socket.off('error', ignore);
  };
  socket.once('readable', read);
}

/** HTTP/2 names the host in `:authority`. It replaces a `host` that says something else. */
function nameHost(request: Http2ServerRequest): void {
  if (request.authority !== '') request.headers.host = request.authority;
}
