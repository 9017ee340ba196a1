import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Match } from './routes.ts';
import type { RestApi, Stage } from '../apis.ts';
import { ApiError } from './errors.ts';

/** The longest body that API Gateway takes, in bytes. */
const BODY_LIMIT = 10 * 1024 ** 2;

/** Headers that are the connection's, not the request's. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Values by name, in the order they came. */
export type Multi = ReadonlyMap<string, readonly string[]>;

/** One request to an API, before it is known which method it is for. */
export interface ApiRequest {
  readonly api: RestApi;
  readonly stage: Stage;
  readonly account: string;
  readonly region: string;
  readonly id: string;
  readonly extendedId: string;
  readonly receivedAt: number;
  readonly httpMethod: string;
  /** Below the stage, as it came: `/tasks/a%20b` */
  readonly path: string;
  readonly query: Multi;
  /** By name as it was sent. */
  readonly headers: Multi;
  readonly sourceIp: string;
  readonly protocol: string;
}

/** A request whose method is known. */
export interface RoutedRequest extends ApiRequest {
  readonly match: Match;
}

export interface Address {
  readonly api: RestApi;
  readonly stage: Stage;
  readonly account: string;
  readonly region: string;
  /** Path and query below the stage. */
  readonly rest: string;
}

export function readRequest(incoming: IncomingMessage, { rest, ...place }: Address, now: number): ApiRequest {
  const question = rest.indexOf('?');
  const path = question < 0 ? rest : rest.slice(0, question);
  const traceId = `Root=1-${Math.floor(now / 1000).toString(16)}-${randomBytes(12).toString('hex')}`;
  const sourceIp = (incoming.socket.remoteAddress ?? '127.0.0.1').replace(/^::ffff:/, '');
  return {
    ...place,
    id: randomUUID(),
    extendedId: `${randomBytes(10).toString('base64url')}=`,
    receivedAt: now,
    httpMethod: incoming.method ?? 'GET',
    path: path === '' ? '/' : path,
    query: multi(new URLSearchParams(question < 0 ? '' : rest.slice(question + 1))),
    headers: headersOf(incoming, { 'X-Forwarded-For': sourceIp, 'X-Amzn-Trace-Id': traceId }),
    sourceIp,
    protocol: `HTTP/${incoming.httpVersion}`,
  };
}

/** A header's last value, whatever the case of its name. */
export function header(headers: Multi, name: string): string | undefined {
  const wanted = name.toLowerCase();
  for (const [known, values] of headers) if (known.toLowerCase() === wanted) return values.at(-1);
  return undefined;
}

/**
 * The whole body. One that is too long is read to its end and thrown away before it is refused, since a client that still sends
 * would not read the answer.
 */
export async function readApiBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_LIMIT) chunks.length = 0;
    else chunks.push(chunk);
  }
  if (size > BODY_LIMIT) throw new ApiError('tooLarge');
  return Buffer.concat(chunks);
}

function headersOf({ rawHeaders }: IncomingMessage, added: Readonly<Record<string, string>>): Multi {
  const pairs: [string, string][] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const [name = '', value = ''] = rawHeaders.slice(at, at + 2);
    if (!HOP_BY_HOP.has(name.toLowerCase())) pairs.push([name, value]);
  }
  const known = new Set(pairs.map(([name]) => name.toLowerCase()));
  return multi([...pairs, ...Object.entries(added).filter(([name]) => !known.has(name.toLowerCase()))]);
}

function multi(pairs: Iterable<readonly [string, string]>): Multi {
  const values = new Map<string, string[]>();
  for (const [name, value] of pairs) {
    const known = values.get(name);
    if (known === undefined) values.set(name, [value]);
    else known.push(value);
  }
  return values;
}
