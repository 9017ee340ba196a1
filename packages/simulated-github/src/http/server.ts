import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { rejectPages } from '../loopback.ts';
import { servePage } from '../page/serve.ts';
import { moveHead } from '../world/pulls.ts';
import { sha256, type World } from '../world/world.ts';
import { ApiError, notFound } from './api-error.ts';
import { authenticate, checkAccess, limitKey } from './auth.ts';
import { parseJson, readBody } from './body.ts';
import { serveControl } from './control.ts';
import { errorOf, type Injected } from './faults.ts';
import type { Answer, Call, Match, Router } from './route.ts';

const DOCS = 'https://docs.github.com/rest';
const VERSIONS = ['2022-11-28', '2026-03-10'];

/** Creates the HTTP server. It does not listen yet. */
export function createGithubServer(world: World, router: Router): Server {
  const server = createServer((request, response) => {
    if (!rejectPages(request, response)) void serve(world, router, request, response);
  });
  server.keepAliveTimeout = 120_000;
  return server;
}

const headerOf = (request: IncomingMessage, name: string): string | undefined => request.headers[name]?.toString();

async function serve(world: World, router: Router, request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.setHeader('x-github-request-id', randomBytes(10).toString('hex').toUpperCase());
  response.setHeader('x-simulated-github', 'true');
  response.setHeader('x-content-type-options', 'nosniff');
  const method = request.method ?? 'GET';
  const [path, query] = splitUrl(request.url ?? '/');
  let docs = DOCS;
  try {
    const bytes = await readBody(request);
    if (serveControl(world, { method, path, bytes }, response)) return;
    if (method === 'GET' && (await servePage(world, path, response))) return;
    const fault = world.faults.next(headerOf(request, 'x-simulated-fault'), method, path);
    if ((await disturb(world, fault, path)) === 'disconnect') return void response.destroy();
    const match = router.find(method, path);
    if (match !== undefined) docs = `${DOCS}/${match.route.docs}`;
    checkHeaders(request);
    const answer = await enter(world, { request, method, path, query, bytes, fault, match, response });
    if (fault?.fault === 'disconnect-after-create') return void response.destroy();
    if (fault?.fault === '502-after-create') throw new ApiError(502, 'Server Error');
    send(world, request, response, answer);
  } catch (error) {
    sendError(response, error, docs);
  }
}

function splitUrl(url: string): [string, string] {
  const at = url.indexOf('?');
  return at < 0 ? [url, ''] : [url.slice(0, at), url.slice(at + 1)];
}

/** Does what a fault does before the request: waits, fails, moves a head or closes the connection. */
async function disturb(world: World, fault: Injected | undefined, path: string): Promise<'go on' | 'disconnect'> {
  if (fault === undefined) return 'go on';
  if (fault.fault === 'slow') await new Promise((resolve) => setTimeout(resolve, fault.seconds * 1_000));
  const error = errorOf(fault, path, world.now());
  if (error !== undefined) throw error;
  if (fault.fault === 'head-moves') {
    const [, owner = '', name = '', number] = /^\/repos\/([^/]+)\/([^/]+)\/pulls\/(\d+)/.exec(path) ?? [];
    const pull = world.repository(owner, name)?.pulls.get(Number(number));
    if (pull !== undefined) await moveHead(world, pull);
  }
  return fault.fault === 'disconnect' ? 'disconnect' : 'go on';
}

function checkHeaders(request: IncomingMessage): void {
  if ((headerOf(request, 'user-agent') ?? '') === '') {
    const rule = 'Please make sure your request has a User-Agent header';
    throw new ApiError(403, `Request forbidden by administrative rules. ${rule} (https://docs.github.com/en/rest).`);
  }
  const version = headerOf(request, 'x-github-api-version');
  if (version !== undefined && !VERSIONS.includes(version))
    throw new ApiError(400, `The X-GitHub-Api-Version "${version}" is not supported. Use ${VERSIONS.join(' or ')}.`);
}

interface Entering {
  readonly request: IncomingMessage;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly bytes: Buffer;
  readonly fault: Injected | undefined;
  readonly match: Match | undefined;
  readonly response: ServerResponse;
}

/** Checks the token, the limits, the route and the access, in this order, then handles the call. */
async function enter(world: World, entering: Entering): Promise<Answer> {
  const { request, method, path, match, response } = entering;
  const actor = authenticate(world, headerOf(request, 'authorization'));
  const key = limitKey(actor);
  const leave = world.limits.enter(key, match?.route.cost ?? (method === 'GET' ? 'read' : 'write'));
  try {
    for (const [name, value] of Object.entries(world.limits.headers(key))) response.setHeader(name, value);
    if (match === undefined) throw notFound();
    const call: Call = {
      world,
      actor,
      method,
      path,
      parameters: match.parameters,
      query: new URLSearchParams(entering.query),
      accept: headerOf(request, 'accept') ?? '*/*',
      body: method === 'GET' ? undefined : parseJson(entering.bytes),
      fault: entering.fault,
    };
    return await dispatch(match.route, call);
  } finally {
    leave();
  }
}

async function dispatch(route: Match['route'], call: Call): Promise<Answer> {
  if (route.who === 'repository') {
    const { owner = '', repo = '' } = call.parameters;
    const repository = checkAccess(call.actor, call.world.repository(owner, repo), route.need);
    return route.handle({ ...call, repository });
  }
  const { kind } = call.actor;
  if (kind === 'anonymous') throw new ApiError(401, 'Requires authentication');
  if (route.who === 'app' && kind !== 'app') throw new ApiError(401, 'A JSON web token could not be decoded');
  if (route.who === 'installation' && kind !== 'installation')
    throw new ApiError(
      403,
      'You must authenticate with an installation access token in order to list repositories for an installation.',
    );
  if (route.who === 'user' && kind !== 'personal') throw new ApiError(403, 'Resource not accessible by integration');
  return route.handle(call);
}

function send(world: World, request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  const content =
    answer.bytes?.content ?? (answer.json === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(answer.json)));
  const type = answer.bytes?.type ?? 'application/json; charset=utf-8';
  response.setHeader('x-github-media-type', 'github.v3; format=json');
  for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value);
  if (request.method === 'GET' && answer.status === 200) {
    const etag = `W/"${sha256(content)}"`;
    response.setHeader('etag', etag);
    response.setHeader('cache-control', 'private, max-age=60, s-maxage=60');
    response.setHeader(
      'vary',
      'Accept, Authorization, Cookie, X-GitHub-OTP, Accept-Encoding, Accept, X-Requested-With',
    );
    const wanted = (headerOf(request, 'if-none-match') ?? '').split(/\s*,\s*/);
    if (wanted.some((each) => each.replace(/^W\//, '') === etag.replace('W/', ''))) {
      world.limits.refund(limitKey(authenticate(world, headerOf(request, 'authorization'))));
      return void response.writeHead(304).end();
    }
  }
  if (answer.status === 204) return void response.writeHead(204).end();
  response.writeHead(answer.status, { 'content-type': type, 'content-length': content.length }).end(content);
}

function sendError(response: ServerResponse, error: unknown, docs: string): void {
  if (response.destroyed) return;
  const known = error instanceof ApiError ? error : new ApiError(500, `The simulated GitHub failed: ${String(error)}`);
  const limited = known.message.startsWith('You have exceeded a secondary rate limit');
  const page = limited
    ? 'https://docs.github.com/free-pro-team@latest/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits'
    : docs;
  const content = Buffer.from(JSON.stringify(known.body(page)));
  const headers = { 'content-type': 'application/json; charset=utf-8', 'content-length': content.length };
  response.writeHead(known.status, { ...headers, ...known.headers }).end(content);
}
