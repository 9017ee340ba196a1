import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import type { Handling } from '../gateway/handling.ts';
import type { Signed } from '../gateway/sigv4/signature.ts';
import type { ReplicationFigures } from '../services/dynamodb/replication/figures.ts';
import { readBody, send } from '../services/http.ts';
import { ServiceError } from '../services/service.ts';
import { readCopy } from '../services/s3/replication/copy.ts';
import { HEADERS } from './headers.ts';
import type { Link } from './network.ts';
import type { Regions } from './regions.ts';

/** What `GET /_regions` answers. */
export interface RegionsStatus {
  /** The region that answers. */
  readonly here: string;
  readonly replication: ReplicationFigures;
  /** The lines from here to the other regions. */
  readonly network: readonly Link[];
}

const changesSchema = z.array(
  z.strictObject({
    to: z.string(),
    roundTripMs: z.number().min(0).max(60_000).optional(),
    jitterMs: z.number().min(0).max(60_000).optional(),
    loss: z.number().min(0).max(1).optional(),
    cut: z.boolean().optional(),
  }),
);

/** Batches of changes have at most one item more than 1 MB. */
const BODY_LIMIT = 4 * 2 ** 20;

const NONE: ReplicationFigures = { underWay: 0, conflicts: 0, lagMsP99: 0, lagMsMax: 0 };

type Answer = (regions: Regions, body: string) => unknown;

const ACTIONS: Readonly<Record<string, Answer>> = {
  'GET /_regions': status,
  'PUT /_regions/network': (regions, body) => {
    if (!regions.network.change(changesOf(body))) throw invalid('One of the regions in `to` is not a peer.');
    return status(regions);
  },
  'POST /_regions/changes': async ({ replication }, body) => ({ later: (await replication?.receive(body)) ?? [] }),
};

/** Answers the requests of people, of `fleet` and of the other regions' replication. */
export async function handleControl(
  regions: Regions,
  request: IncomingMessage,
  response: ServerResponse,
  signed: Signed,
  handling: Handling,
): Promise<void> {
  try {
    const [path = ''] = (request.url ?? '').split('?');
    if (path === '/_regions/objects') return sendJson(response, 200, await takeCopy(regions, request));
    const body = await readBody(request, BODY_LIMIT);
    if (!regions.knowsSecret(request)) checkOwner(request, signed, handling);
    const action = ACTIONS[`${request.method} ${path}`];
    if (action === undefined) throw new ServiceError('NotFound', `Not found: ${request.method} ${path}.`, 404);
    sendJson(response, 200, await action(regions, body.toString('utf8')));
  } catch (error) {
    const { message } = error as Error;
    sendJson(response, error instanceof ServiceError ? error.status : 500, { message });
  }
}

/** Takes a copy of an object from another region. Its bytes are not held in memory. */
async function takeCopy(regions: Regions, request: IncomingMessage): Promise<unknown> {
  if (!regions.knowsSecret(request))
    throw new ServiceError('Forbidden', 'Forbidden. Send the secret of the regions.', 403);
  await regions.ready;
  const received = await regions.objects?.receive(readCopy(String(request.headers[HEADERS.copy])), request);
  // What nobody reads would keep the connection busy.
  request.resume();
  return { received };
}

function status({ here, replication, network }: Regions): RegionsStatus {
  return { here, replication: replication?.figures ?? NONE, network: network.links };
}

function checkOwner(request: IncomingMessage, signed: Signed, { principals, verifier }: Handling): void {
  try {
    verifier.verify(request, signed, 'regions');
    if (signed.kind === 'signed' && principals.caller(signed.signature.accessKeyId)?.principal === 'root') return;
  } catch {
    // What is wrong with a signature does not matter here.
  }
  const message = "Forbidden. Send the secret of the regions, or sign with the key of the machine's own user.";
  throw new ServiceError('Forbidden', message, 403);
}

function changesOf(body: string) {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    throw invalid('The body is not valid JSON.');
  }
  const parsed = changesSchema.safeParse(json);
  if (!parsed.success) throw invalid(z.prettifyError(parsed.error));
  return parsed.data;
}

const invalid = (message: string): ServiceError => new ServiceError('ValidationException', message);

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  send(response, status, JSON.stringify(value), { 'content-type': 'application/json' });
}
