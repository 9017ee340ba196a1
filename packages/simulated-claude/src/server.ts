import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import { ApiError } from './api-error.ts';
import type { BatchProcessor } from './batches/process.ts';
import { serveBatches } from './batches/serve.ts';
import type { Call, Claude } from './claude.ts';
import { countTokens } from './count-tokens.ts';
import { anthropicDoor } from './doors/anthropic.ts';
import { bedrockDoor, isBedrock } from './doors/bedrock.ts';
import { headerOf, type Door } from './doors/door.ts';
import { createMessage } from './create-message.ts';
import { newId } from './ids.ts';
import { rejectPages } from './loopback.ts';
import { listModels, retrieveModel } from './models.ts';
import { sendJson } from './send-json.ts';
import { tally } from './stats.ts';

const BATCHES = '/v1/messages/batches';

/** Creates the HTTP server of the simulated Claude API. It does not listen yet. */
export function createClaudeServer(claude: Claude, processor: BatchProcessor): Server {
  const server = createServer((request, response) => {
    if (!rejectPages(request, response)) void serve(claude, processor, request, response);
  });
  // Longer than clients keep idle connections, so that the server never closes one while a request arrives.
  server.keepAliveTimeout = 120_000;
  return server;
}

async function serve(
  claude: Claude,
  processor: BatchProcessor,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const arrivedAt = performance.now();
  const requestId = newId('req');
  const origin = `http://${request.headers.host ?? 'localhost'}`;
  const { pathname, searchParams: query } = new URL(request.url ?? '/', origin);
  const open = isBedrock(pathname) ? bedrockDoor : anthropicDoor;
  const door = open(pathname, claude.options.awsKeys);
  response.setHeader(door.requestIdHeader, requestId);
  response.setHeader('x-simulated-claude', 'true');
  claude.counters.requests += 1;
  try {
    const connection = new AbortController();
    response.once('close', () => connection.abort());
    const received = await readBody(request, door.maxBytes);
    if (pathname === '/')
      return sendJson(response, 200, { simulation: true, message: 'A simulation of the Claude API.' });
    const { operation, body, caller } = door.enter({ request, pathname, query, body: received });
    const fault = headerOf(request, 'x-simulated-fault');
    const stepId = decoded(headerOf(request, 'x-step-id'));
    const call: Call = {
      requestId,
      arrivedAt,
      apiKey: caller,
      door,
      origin,
      query,
      fault,
      stepId,
      body,
      disconnected: connection.signal,
    };
    if (pathname === BATCHES || pathname.startsWith(`${BATCHES}/`))
      return serveBatches({ claude, processor, call, response }, operation);
    await route(claude, operation, call, response);
  } catch (error) {
    sendError(claude, door, response, error, requestId);
  }
}

async function route(claude: Claude, operation: string, call: Call, response: ServerResponse): Promise<void> {
  if (operation === 'POST /v1/messages') return createMessage(claude, call, response);
  if (operation === 'POST /v1/messages/count_tokens')
    return sendJson(response, 200, call.door.counted(await countTokens(claude, call)));
  if (operation === 'GET /v1/models') return sendJson(response, 200, listModels());
  const model = /^GET \/v1\/models\/([^/]+)$/.exec(operation)?.[1];
  if (model !== undefined) return sendJson(response, 200, retrieveModel(decodeURIComponent(model)));
  if (/^\w+ \/v1\/(files|skills)(\/|$)/.test(operation))
    throw new ApiError('not_implemented_error', `The simulated Claude does not implement ${operation}.`);
  throw new ApiError('not_found_error', `Not found: ${operation}`);
}

/** Headers are ASCII only, so a step id may be percent-encoded. */
function decoded(value: string | undefined): string | undefined {
  try {
    return value === undefined ? undefined : decodeURI(value);
  } catch {
    return value;
  }
}

/** Reads a body to its end even if it is too large: a client that is still sending would not see the error. */
async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= maxBytes) chunks.push(chunk);
    else chunks.length = 0;
  }
  if (size > maxBytes)
    throw new ApiError('request_too_large', `Request exceeds the maximum size of ${maxBytes / 1024 ** 2} MB`);
  return Buffer.concat(chunks);
}

function sendError(claude: Claude, door: Door, response: ServerResponse, error: unknown, requestId: string): void {
  const known =
    error instanceof ApiError ? error : new ApiError('api_error', `The simulated Claude failed: ${String(error)}`);
  // A caller that disconnected while sending made no call and gets no response.
  if (response.destroyed && !response.headersSent) return;
  if (known.status === 429) claude.counters.throttled += 1;
  else tally(claude.counters.errors, String(known.status));
  if (response.headersSent) return void response.destroy();
  // The SDK retries every 5xx by default. Retrying a 501 is useless.
  const own = door.headers(known.headers);
  const headers = known.status === 501 ? { ...own, 'x-should-retry': 'false' } : own;
  const { status, type, body } = door.error(known, requestId);
  const named = door.requestIdHeader === 'x-amzn-requestid' ? { 'x-amzn-errortype': type } : {};
  sendJson(response, status, body, { ...headers, ...named });
}
