import type { IncomingMessage } from 'node:http';
import { readBody } from '../../http.ts';
import { payloadOf, signedBody } from '../../payload.ts';
import type { ServiceInput } from '../../service.ts';
import { ServiceError } from '../../service.ts';
import { readXml } from '../../xml.ts';
import type { HttpBinding, Operation } from '../actions/operation.ts';
import { notImplemented } from '../errors.ts';
import { unchunk } from './aws-chunked.ts';

/** The bucket, key and query of a request. */
export interface Address {
  readonly bucket: string | undefined;
  readonly key: string | undefined;
  readonly query: URLSearchParams;
}

/** Hosts with a bucket name: `bucket.localhost`, `bucket.s3.localhost`, `bucket.s3.us-east-1.localhost`. */
const BUCKET_HOST = /^(?!s3\.)(.+?)(?:\.s3(?:[.-][a-z0-9-]+)?)?\.localhost(?::\d+)?$/;

/** Reads bucket and key from the host (`<bucket>.localhost`) or from the path (`/<bucket>/<key>`). */
export function readAddress(request: IncomingMessage): Address {
  const target = request.url ?? '/';
  const mark = target.indexOf('?');
  const path = mark === -1 ? target : target.slice(0, mark);
  const query = new URLSearchParams(mark === -1 ? '' : target.slice(mark + 1));
  const hosted = BUCKET_HOST.exec(request.headers.host ?? '')?.[1];
  const rest = path.slice(1);
  if (hosted !== undefined) return { bucket: hosted, key: decodeKey(rest), query };
  const slash = rest.indexOf('/');
  const bucket = decodeKey(slash === -1 ? rest : rest.slice(0, slash));
  return { bucket, key: slash === -1 ? undefined : decodeKey(rest.slice(slash + 1)), query };
}

function decodeKey(text: string): string | undefined {
  try {
    return text === '' ? undefined : decodeURIComponent(text);
  } catch {
    throw new ServiceError('InvalidURI', `Couldn't parse the specified URI: ${text}`);
  }
}

/** Selects the operation by method and level. Of those whose marks are all present, the one with the most marks wins. */
export function selectOperation(
  operations: readonly Operation[],
  request: IncomingMessage,
  address: Address,
): Operation {
  const on: HttpBinding['on'] =
    address.key !== undefined ? 'object' : address.bucket !== undefined ? 'bucket' : 'service';
  const isPresent = (mark: string): boolean => address.query.has(mark) || request.headers[mark] !== undefined;
  const candidates = operations
    .filter(({ http }) => http.method === request.method && http.on === on && (http.marks ?? []).every(isPresent))
    .sort((left, right) => (right.http.marks?.length ?? 0) - (left.http.marks?.length ?? 0));
  const [selected] = candidates;
  if (selected === undefined)
    throw notImplemented(`${request.method} on a ${on} with ?${[...address.query.keys()].join('&')}`);
  return selected;
}

/** Parameters of signing and of SDK bookkeeping, which do not change any response. */
const NEUTRAL_QUERY =
  /^(x-id|list-type|awsaccesskeyid|signature|expires|x-amz-(algorithm|credential|date|expires|signature|signedheaders|security-token|content-sha256|user-agent|sdk-.*))$/i;
const NEUTRAL_HEADERS = new Set([
  'x-amz-content-sha256',
  'x-amz-date',
  'x-amz-decoded-content-length',
  'x-amz-security-token',
  'x-amz-user-agent',
  'x-amz-sdk-checksum-algorithm',
  'x-amz-object-ownership',
  'x-amz-optional-object-attributes',
]);

/** Reads a header. Presigned links carry headers as query parameters. */
function valueOf(request: IncomingMessage, address: Address, header: string): string | undefined {
  const value = request.headers[header];
  if (value !== undefined) return Array.isArray(value) ? value.join(',') : value;
  if (!header.startsWith('x-amz-')) return undefined;
  for (const [name, given] of address.query) if (name.toLowerCase() === header) return given;
  return undefined;
}

/** Returns the operation's input in the SDK's shape. Throws `NotImplemented` with the name of anything unsupported. */
export async function readInput(http: HttpBinding, request: IncomingMessage, address: Address): Promise<ServiceInput> {
  rejectUnknown(http, request, address);
  const input: Record<string, unknown> = {};
  if (address.bucket !== undefined) input['Bucket'] = address.bucket;
  if (address.key !== undefined) input['Key'] = address.key;
  for (const [name, field] of Object.entries(http.query ?? {})) {
    const value = address.query.get(name);
    if (value !== null) input[field] = value;
  }
  for (const [name, field] of Object.entries(http.headers ?? {})) {
    const value = valueOf(request, address, name);
    if (value !== undefined) input[field] = value;
  }
  if (http.metadata === true) input['Metadata'] = readMetadata(request, address);
  return { ...input, ...(await readInputBody(http, request)) };
}

function rejectUnknown(http: HttpBinding, request: IncomingMessage, address: Address): void {
  const headers = http.headers ?? {};
  for (const name of address.query.keys()) {
    const known = http.marks?.includes(name) === true || name in (http.query ?? {}) || NEUTRAL_QUERY.test(name);
    const header = name.toLowerCase();
    if (!known && !(header in headers) && !header.startsWith('x-amz-meta-'))
      throw notImplemented(`the query parameter ${name} for this operation`);
  }
  for (const name of Object.keys(request.headers)) {
    if (!name.startsWith('x-amz-') || NEUTRAL_HEADERS.has(name) || name in headers) continue;
    if (http.metadata === true && name.startsWith('x-amz-meta-')) continue;
    // SDKs also send the checksum of an XML body. TCP on one machine makes it unnecessary.
    if (http.body !== 'stream' && name.startsWith('x-amz-checksum-')) continue;
    throw notImplemented(`the header ${name} for this operation`);
  }
}

function readMetadata(request: IncomingMessage, address: Address): Record<string, string> {
  const prefix = 'x-amz-meta-';
  const metadata: Record<string, string> = {};
  for (const [name, value] of address.query) {
    if (name.toLowerCase().startsWith(prefix)) metadata[name.toLowerCase().slice(prefix.length)] = value;
  }
  for (const [name, value] of Object.entries(request.headers)) {
    if (name.startsWith(prefix)) metadata[name.slice(prefix.length)] = String(value);
  }
  return metadata;
}

/** Maximum XML body: 10,000 parts with their checksums. */
const MAX_XML_BYTES = 4 * 1024 ** 2;

async function readInputBody(http: HttpBinding, request: IncomingMessage): Promise<ServiceInput> {
  if (http.body === undefined) return {};
  if (http.body !== 'stream') {
    const body = await readBody(request, MAX_XML_BYTES);
    return body.length === 0 ? {} : http.body.read(readXml(body, http.body.root));
  }
  const sha256 = String(request.headers['x-amz-content-sha256'] ?? '');
  const chunked = sha256.startsWith('STREAMING-') || /\baws-chunked\b/.test(request.headers['content-encoding'] ?? '');
  if (!chunked) {
    const length = request.headers['content-length'];
    return { Body: signedSource(request), ...(length !== undefined && { ContentLength: length }) };
  }
  const { body, trailers } = unchunk(signedSource(request), () => {
    const payload = payloadOf(request);
    return payload.kind === 'chunks' ? payload.signer : undefined;
  });
  const length = request.headers['x-amz-decoded-content-length']?.toString();
  return {
    Body: counted(body, length),
    Trailers: trailers,
    ...(length !== undefined && { ContentLength: length }),
    ...contentEncoding(request),
  };
}

/** The bytes of a request, which are read after its signature was verified, and checked against it. */
async function* signedSource(request: IncomingMessage): AsyncGenerator<Uint8Array, void, undefined> {
  const payload = payloadOf(request);
  yield* payload.kind === 'hash' ? signedBody(request, payload.sha256) : (request as AsyncIterable<Uint8Array>);
}

/** Returns the stored content encoding: `aws-chunked` belongs to the transfer and is removed. */
function contentEncoding(request: IncomingMessage): ServiceInput {
  const encodings = (request.headers['content-encoding'] ?? '').split(',').map((encoding) => encoding.trim());
  const kept = encodings.filter((encoding) => encoding !== '' && encoding !== 'aws-chunked').join(',');
  return { ContentEncoding: kept === '' ? undefined : kept };
}

async function* counted(
  body: AsyncIterable<Uint8Array>,
  announced: string | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    yield chunk;
  }
  if (announced !== undefined && size !== Number(announced)) {
    throw new ServiceError('IncompleteBody', `The body has ${size} bytes. Its headers announce ${announced}.`);
  }
}
