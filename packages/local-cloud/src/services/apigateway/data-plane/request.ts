import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Match } from './routes.ts';
import type { RestApi, Stage } from '../apis.ts';
import { ApiError } from './errors.ts';

/** API Gateway's maximum body size, in bytes. */
const BODY_LIMIT = 10 * 1024 ** 2;

/** Headers that belong to the connection, not to the request. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Values by name, in the order received. */
export type Multi = ReadonlyMap<string, readonly string[]>;

/** A request to an API before routing. */
export interface ApiRequest {
  readonly api: RestApi;
  readonly stage: Stage;
  readonly account: string;
  readonly region: string;
  readonly id: string;
  readonly extendedId: string;
  readonly receivedAt: number;
  readonly httpMethod: string;
  /** Path below the stage, still encoded: `/tasks/a%20b` */
  readonly path: string;
  readonly query: Multi;
  /** Names in the case in which they were sent. */
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

export function readRequest(incoming: IncomingMessage, { rest, ...target }: Address, now: number): ApiRequest {
  const question = rest.indexOf('?');
  const path = question < 0 ? rest : rest.slice(0, question);
  const traceId = `Root=1-${Math.floor(now / 1000).toString(16)}-${randomBytes(12).toString('hex')}`;
  const sourceIp = (incoming.socket.remoteAddress ?? '127.0.0.1').replace(/^::ffff:/, '');
  return {
    ...target,
    id: randomUUID(),
    extendedId: `${randomBytes(10).toString('base64url')}=`,
    receivedAt: now,
    httpMethod: incoming.method ?? 'GET',
    path: path === '' ? '/' : path,
    query: multi(new URLSearchParams(question < 0 ? '' : rest.slice(question + 1))),
    headers: headersOf(incoming, sourceIp, traceId),
    sourceIp,
    protocol: `HTTP/${incoming.httpVersion}`,
  };
}

/** Returns a header's last value. The name is not case-sensitive. */
export function header(headers: Multi, name: string): string | undefined {
  const lower = name.toLowerCase();
  for (const [key, values] of headers) if (key.toLowerCase() === lower) return values.at(-1);
  return undefined;
}

/** Maximum bytes of request bodies in memory, for all APIs together. */
const MAX_BYTES = 256 * 1024 ** 2;

/** Limits the memory for the bodies of all running requests, so that a burst of long bodies cannot exhaust it. */
export class BodyMemory {
  readonly #bytes: number;
  #used = 0;

  constructor(bytes = MAX_BYTES) {
    this.#bytes = bytes;
  }

  /** Reads a whole body and passes it to `use`. Its memory is released when `use` has ended. */
  async hold<T>(incoming: IncomingMessage, use: (body: Buffer) => Promise<T>): Promise<T> {
    const held = { bytes: 0 };
    try {
      return await use(await this.#read(incoming, held));
    } finally {
      this.#used -= held.bytes;
    }
  }

  /** Reads a body. A rejected body is read to its end and discarded, since a client that still sends reads no response. */
  async #read(incoming: IncomingMessage, held: { bytes: number }): Promise<Buffer> {
    const chunks: Buffer[] = [];
    let size = 0;
    let full = false;
    for await (const chunk of incoming as AsyncIterable<Buffer>) {
      size += chunk.length;
      full ||= size <= BODY_LIMIT && this.#used + chunk.length > this.#bytes;
      if (full || size > BODY_LIMIT) {
        chunks.length = 0;
        this.#used -= held.bytes;
        held.bytes = 0;
      } else {
        chunks.push(chunk);
        this.#used += chunk.length;
        held.bytes += chunk.length;
      }
    }
    if (size > BODY_LIMIT) throw new ApiError('tooLarge');
    if (full) throw new ApiError('throttled', { reason: `the bodies of all requests exceed ${this.#bytes} bytes` });
    return Buffer.concat(chunks);
  }
}

/** Returns the request's headers without those of the connection, plus the forwarding headers that AWS adds. */
function headersOf({ rawHeaders, socket }: IncomingMessage, sourceIp: string, traceId: string): Multi {
  const pairs: [string, string][] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const [name = '', value = ''] = rawHeaders.slice(at, at + 2);
    if (!HOP_BY_HOP.has(name.toLowerCase())) pairs.push([name, value]);
  }
  const given = (wanted: string): string | undefined => pairs.find(([name]) => name.toLowerCase() === wanted)?.[1];
  const forwarded = given('x-forwarded-for');
  const added: [string, string][] = [
    ['X-Forwarded-For', forwarded === undefined ? sourceIp : `${forwarded}, ${sourceIp}`],
    ['X-Forwarded-Port', String(socket.localPort ?? '')],
    ['X-Forwarded-Proto', 'http'],
    ['X-Amzn-Trace-Id', given('x-amzn-trace-id') ?? traceId],
  ];
  const replaced = new Set(added.map(([name]) => name.toLowerCase()));
  return multi([...pairs.filter(([name]) => !replaced.has(name.toLowerCase())), ...added]);
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
