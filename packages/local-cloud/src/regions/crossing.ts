import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { z } from 'zod';
import { NOBODY, type Handling } from '../gateway/handling.ts';
import { route } from '../gateway/route.ts';
import { readSignature, type Signed } from '../gateway/sigv4/signature.ts';
import { disconnected, send } from '../services/http.ts';
import { bodyOf } from '../services/payload.ts';
import { ServiceError, type Caller, type Service } from '../services/service.ts';
import { capture, sendAnswer, type Answer } from './captured.ts';
import { HEADERS } from './headers.ts';
import type { PeerOptions } from './options.ts';
import type { Regions } from './regions.ts';

/** How long a request that gets no answer keeps its connection. Callers give up long before. */
const HELD_MS = 10 * 60_000;

/** Headers of one connection, and those that the next one makes itself. */
const OF_CONNECTION = new Set([
  'connection',
  'content-length',
  'date',
  'expect',
  'host',
  'http2-settings',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
]);

const callerSchema = z.object({ accessKeyId: z.string(), principal: z.string() });

/** Actions of SQS whose answers have the URLs of queues. */
const URLS = /\.(?:CreateQueue|GetQueueUrl|ListDeadLetterSourceQueues|ListQueues)$/;

/**
 * Sends a request that is signed for another region to its gateway, once the caller is known to be allowed: IAM is the same in
 * all regions, and the roles are here.
 */
export async function sendToPeer(
  regions: Regions,
  request: IncomingMessage,
  response: ServerResponse,
  signed: Extract<Signed, { kind: 'signed' }>,
  handling: Handling,
): Promise<void> {
  const { region } = signed.signature;
  const peer = regions.peers.get(region);
  const { service: name = '', accessKeyId } = route(request.url ?? '/', request.headers, signed);
  const service = handling.services.get(name);
  const problem = problemOf(regions, { region, peer, name, service });
  if (peer === undefined || service === undefined || problem !== undefined) {
    request.resume();
    const error = new ServiceError('UnknownEndpoint', problem ?? '');
    return service?.reject === undefined
      ? sendProblem(response, error.message)
      : service.reject(request, response, error);
  }
  const caller = handling.principals.caller(accessKeyId) ?? NOBODY;
  const rejected = await rejection(service, request, caller, (action, input) => {
    handling.verifier.verify(request, signed, name);
    handling.authorize(name, action, input, caller, region);
  });
  if (rejected !== undefined) return sendAnswer(response, rejected);
  await forward(regions, request, response, peer, caller);
}

function problemOf(
  { peers }: Regions,
  at: {
    readonly region: string;
    readonly peer: PeerOptions | undefined;
    readonly name: string;
    readonly service: Service | undefined;
  },
): string | undefined {
  if (at.peer === undefined) return `There is no region ${at.region} here. Others: ${[...peers.keys()].join(', ')}.`;
  if (at.service === undefined) return `The local cloud does not have the service ${at.name}.`;
  if (at.service.reject === undefined) return undefined;
  return `The local cloud does not serve ${at.name} across regions. Call it in ${at.region} itself.`;
}

/** Lets a service read and authorize a request without acting. Returns its answer if the request is rejected. */
async function rejection(
  service: Service,
  request: IncomingMessage,
  caller: Caller,
  authorize: (action: string, input: Readonly<Record<string, unknown>>) => void,
): Promise<Answer | undefined> {
  const { response, answer } = capture(request);
  let allowed = false;
  await service.handle(request, response, caller, (action, input) => {
    authorize(action, input);
    allowed = true;
    throw new ServiceError('SentElsewhere', 'Another region acts.');
  });
  return allowed ? undefined : answer;
}

async function forward(
  regions: Regions,
  request: IncomingMessage,
  response: ServerResponse,
  { region, endpoint }: PeerOptions,
  caller: Caller,
): Promise<void> {
  const signal = disconnected(response);
  const headers = {
    ...throughHeaders(request.headers),
    [HEADERS.secret]: regions.secret,
    [HEADERS.from]: regions.here,
    [HEADERS.caller]: JSON.stringify(caller),
  };
  const { method = 'POST', url: path = '/' } = request;
  const body = bodyOf(request) ?? '';
  if (!(await regions.network.travel(region)) || signal.aborted) return hold(response);
  try {
    const answer = await regions.transport.send({ endpoint, method, path, headers, body, signal });
    sendAnswer(response, withUrlsHere(answer, request));
  } catch {
    // A region that died answers nobody, as if the line were cut.
    hold(response);
  }
}

/** Answers a request that another region has verified and authorized. */
export async function serveFromPeer(
  regions: Regions,
  request: IncomingMessage,
  response: ServerResponse,
  { services }: Handling,
): Promise<void> {
  const from = String(request.headers[HEADERS.from]);
  if (!regions.knowsSecret(request) || !regions.peers.has(from)) {
    request.resume();
    return sendProblem(response, 'Forbidden: the request has not the secret of these regions.', 403);
  }
  const { service: name = '' } = route(request.url ?? '/', request.headers, readSignature(request));
  const service = services.get(name);
  if (service === undefined) return sendProblem(response, `This region does not have the service ${name}.`);
  const caller = callerSchema.parse(JSON.parse(String(request.headers[HEADERS.caller])));
  await regions.ready;
  if (response.destroyed) return;
  const captured = capture(request);
  response.once('close', () => captured.response.destroy());
  void service.handle(request, captured.response, caller, () => {});
  const answer = await captured.answer;
  if (answer === undefined || !(await regions.network.travel(from))) return hold(response);
  sendAnswer(response, answer);
}

/** Names queues by the gateway here, where a client that has its own endpoint sends all its requests. */
function withUrlsHere({ status, headers, body }: Answer, { headers: asked }: IncomingMessage): Answer {
  const through = { status, headers: throughHeaders(headers), body };
  if (!URLS.test(String(asked['x-amz-target']))) return through;
  const text = body.toString('utf8').replaceAll(/"http:\/\/[^/"]+\//g, `"http://${asked.host}/`);
  return { ...through, body: Buffer.from(text) };
}

/** Leaves a request without an answer until its caller gives up. */
function hold(response: ServerResponse): void {
  if (response.destroyed) return;
  const giveUp = setTimeout(() => response.destroy(), HELD_MS).unref();
  response.once('close', () => clearTimeout(giveUp));
}

function sendProblem(response: ServerResponse, message: string, status = 400): void {
  send(response, status, JSON.stringify({ __type: 'UnknownEndpoint', message }), {
    'content-type': 'application/x-amz-json-1.0',
    'x-amzn-errortype': 'UnknownEndpoint',
  });
}

/** The headers that belong to the message and not to its connection. */
function throughHeaders(headers: OutgoingHttpHeaders): OutgoingHttpHeaders {
  const through = Object.entries(headers).filter(([name]) => !OF_CONNECTION.has(name) && !name.startsWith(':'));
  return Object.fromEntries(through);
}
