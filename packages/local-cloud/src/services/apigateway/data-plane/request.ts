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
    headers: headersOf(incoming, sourceIp, traceId),
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

/** How many bytes of bodies are held at once, for all APIs together. */
const ROOM = 256 * 1024 ** 2;

/** Room for the bodies of all requests that are being answered, so that no burst of long ones fills the memory. */
export class BodyRoom {
  readonly #bytes: number;
  #used = 0;

  constructor(bytes = ROOM) {
    this.#bytes = bytes;
  }

  /** Reads a whole body and answers it by `use`; its room is free again once that has ended. */
  async hold<T>(incoming: IncomingMessage, use: (body: Buffer) => Promise<T>): Promise<T> {
    const held = { bytes: 0 };
    try {
      return await use(await this.#read(incoming, held));
    } finally {
      this.#used -= held.bytes;
    }
  }

  /**
   * One that is refused is read to its end and thrown away before, since a client that still sends would not read the answer.
   */
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
    if (full)
      throw new ApiError('throttled', { reason: `the bodies of all requests take more than ${this.#bytes} bytes` });
    return Buffer.concat(chunks);
  }
}

/** What came, without what is the connection's; and as AWS adds it, where it came from and how. */
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
