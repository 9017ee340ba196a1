import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ApiFront } from '@agent-fleet/local-cloud';
import { securityHeaders } from '#core/console/security-headers.ts';
import { sha256 } from '../fleet/paths.ts';
import { foreignProblem, sessionCookie, sessionOf } from './cookie.ts';
import { fileAt, readConsoleFiles, type ConsoleFile } from './files.ts';
import { problemPage } from './problem-page.ts';
import { ConsoleSessions } from './sessions.ts';

export interface ConsoleOptions {
  /** The folder of the built console. */
  readonly folder: string;
  /** The key of the task API that sessions use, which never reaches a page; null until there is one. */
  readonly key: () => string | null;
  /** @default new ones */
  readonly sessions?: ConsoleSessions;
}

/** The console on the port of the task API. */
export interface Console {
  readonly front: ApiFront;
  /** Returns a link that opens the console once. @param api URL of the task API */
  newLink(api: string): string;
}

/**
 * Serves the console at the port of the task API: its files below `/console`, and the API below `/api` for its sessions.
 * 1. A session begins by a link that works once. 2. The key stays here: a request with a session's cookie gets it on its
 * way to the API, if the console's own page has sent it. 3. A request with a key of its own gets no other.
 */
export function openConsole({ folder, key, sessions = new ConsoleSessions() }: ConsoleOptions): Console {
  const files = readConsoleFiles(folder);
  const newLink = (api: string): string => `${new URL(api).origin}/console/enter?link=${sessions.newLink()}`;
  return {
    newLink,
    front: async (request, response, pass) => {
      const url = request.url ?? '/';
      const path = url.split('?', 1)[0] ?? '';
      if (path === '/api' || path.startsWith('/api/')) return toApi(request, response, { key, sessions, pass });
      if (path === '/console/links') return sendLink(request, response, { key, newLink });
      if (path === '/console/enter') return enter(request, response, sessions);
      if (path === '/console') return redirect(response, '/console/');
      if (path.startsWith('/console/')) return sendFile(request, response, files, path);
      return pass(request, response);
    },
  };
}

type Pass = Parameters<ApiFront>[2];

/** Passes a request to the API without `/api`, with the key instead of the session's cookie. */
function toApi(
  request: IncomingMessage,
  response: ServerResponse,
  { key, sessions, pass }: Pick<ConsoleOptions, 'key'> & { readonly sessions: ConsoleSessions; readonly pass: Pass },
): Promise<void> {
  const { headers, rawHeaders } = request;
  const session = headers.authorization === undefined ? sessionOf(request) : undefined;
  const isOpen = session !== undefined && sessions.isOpen(session);
  const problem = isOpen ? foreignProblem(request) : null;
  if (problem !== null) {
    sendJson(response, 403, { message: `Forbidden: ${problem}` });
    return Promise.resolve();
  }
  const own = isOpen ? key() : null;
  request.url = (request.url ?? '').replace(/^\/api\/?/, '/');
  request.rawHeaders = [...without(rawHeaders, 'cookie'), ...(own === null ? [] : ['Authorization', `Bearer ${own}`])];
  return pass(request, response);
}

/** Headers as Node lists them, names and values in turn. */
const without = (rawHeaders: readonly string[], name: string): string[] =>
  rawHeaders.filter((_, at) => rawHeaders[at - (at % 2)]?.toLowerCase() !== name);

/** Answers a program that has the key with a new link: `fleet console`. */
function sendLink(
  request: IncomingMessage,
  response: ServerResponse,
  { key, newLink }: Pick<ConsoleOptions, 'key'> & Pick<Console, 'newLink'>,
): void {
  const own = key();
  // Digests have the same length, and comparing them tells nothing about the key.
  const isOwn = own !== null && sha256(request.headers.authorization ?? '') === sha256(`Bearer ${own}`);
  if (request.method !== 'POST') return sendJson(response, 405, { message: 'Use POST.' });
  if (!isOwn) return sendJson(response, 401, { message: 'Send the key of the fleet on this machine.' });
  sendJson(response, 201, { url: newLink(`http://${request.headers.host ?? ''}`) });
}

/** Opens a session by a link, and leads to the console. The link is not kept in the browser's history. */
function enter(request: IncomingMessage, response: ServerResponse, sessions: ConsoleSessions): void {
  const link = new URL(request.url ?? '/', 'http://127.0.0.1').searchParams.get('link') ?? '';
  const session = request.method === 'GET' ? sessions.open(link) : null;
  if (session === null) return sendPage(response, 403, problemPage('This link is no longer valid.'));
  response.setHeader('set-cookie', sessionCookie(request.socket.localPort ?? 0, session));
  redirect(response, '/console/');
}

function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  files: ReadonlyMap<string, ConsoleFile>,
  path: string,
): void {
  if (request.method !== 'GET' && request.method !== 'HEAD') return sendJson(response, 405, { message: 'Use GET.' });
  // The page signs in as it says: on AWS, the stack writes this file.
  if (path === '/console/config.json') return sendJson(response, 200, { signIn: 'cookie' });
  const file = fileAt(files, path.slice('/console/'.length));
  if (file === undefined) return sendPage(response, 404, problemPage('This file does not exist.'));
  const { etag, bytes, type, caching } = file;
  const headers = { ...securityHeaders(), etag, 'cache-control': caching };
  if (request.headers['if-none-match'] === etag) return void response.writeHead(304, headers).end();
  response.writeHead(200, { ...headers, 'content-type': type, 'content-length': bytes.length });
  response.end(request.method === 'HEAD' ? undefined : bytes);
}

function redirect(response: ServerResponse, location: string): void {
  response.writeHead(303, { ...securityHeaders(), location, 'cache-control': 'no-store' }).end();
}

function sendPage(response: ServerResponse, status: number, page: string): void {
  const type = 'text/html; charset=utf-8';
  response.writeHead(status, { ...securityHeaders(), 'content-type': type, 'cache-control': 'no-store' }).end(page);
}

function sendJson(response: ServerResponse, status: number, body: Readonly<Record<string, string>>): void {
  const headers = { ...securityHeaders(), 'content-type': 'application/json', 'cache-control': 'no-store' };
  response.writeHead(status, headers).end(JSON.stringify(body));
}
