import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ServiceError, ServiceOutput } from '../../service.ts';
import { writeXml } from '../../xml.ts';
import type { HttpBinding } from '../actions/operation.ts';
import { CHECKSUM_HEADERS } from '../actions/bytes.ts';
import { SYSTEM_METADATA } from '../records.ts';

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** Output fields that are sent as headers. */
const HEADERS: Readonly<Record<string, string>> = {
  ...SYSTEM_METADATA,
  ...Object.fromEntries(Object.entries(CHECKSUM_HEADERS).map(([header, name]) => [name, header])),
  AcceptRanges: 'accept-ranges',
  BucketRegion: 'x-amz-bucket-region',
  ChecksumAlgorithm: 'x-amz-checksum-algorithm',
  ChecksumType: 'x-amz-checksum-type',
  ContentLength: 'content-length',
  ContentRange: 'content-range',
  CopySourceVersionId: 'x-amz-copy-source-version-id',
  DeleteMarker: 'x-amz-delete-marker',
  ETag: 'etag',
  LastModified: 'last-modified',
  Location: 'location',
  VersionId: 'x-amz-version-id',
};

/** In a browser, nothing that somebody stored runs in the gateway's origin, whatever type it was given. */
const requestHeaders = (): OutgoingHttpHeaders => ({
  'content-security-policy': "sandbox; default-src 'none'",
  'x-content-type-options': 'nosniff',
  'x-amz-request-id': randomBytes(8).toString('hex').toUpperCase(),
  'x-amz-id-2': randomUUID(),
});

function headersOf(output: ServiceOutput): OutgoingHttpHeaders {
  const headers = requestHeaders();
  for (const [field, header] of Object.entries(HEADERS)) {
    const value = output[field];
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') continue;
    headers[header] = field === 'LastModified' ? new Date(String(value)).toUTCString() : String(value);
  }
  for (const [name, value] of Object.entries((output['Metadata'] ?? {}) as Record<string, string>)) {
    headers[`x-amz-meta-${name}`] = value;
  }
  return headers;
}

/** A link, which a browser may follow, gives a download. A caller that signs in a header gets what is stored, as on AWS. */
function dispositionFor({ headers }: IncomingMessage, stored: unknown): OutgoingHttpHeaders {
  if (headers.authorization !== undefined) return {};
  const text = typeof stored === 'string' ? stored.trim() : '';
  if (/^attachment\s*(;|$)/i.test(text)) return {};
  const parameters = text.includes(';') ? text.slice(text.indexOf(';')) : '';
  return { 'content-disposition': `attachment${parameters}` };
}

/** Sends an operation's output: headers, then an XML document, a stream or nothing. */
export async function sendOutput(response: ServerResponse, http: HttpBinding, output: ServiceOutput): Promise<void> {
  const headers = headersOf(output);
  const body = output['Body'];
  if (body !== undefined) {
    response.writeHead(output['ContentRange'] === undefined ? 200 : 206, {
      ...headers,
      ...dispositionFor(response.req, output['ContentDisposition']),
    });
    await pipeline(Readable.from(body as AsyncIterable<Buffer>, { objectMode: false }), response);
    return;
  }
  const document = http.xml?.(output);
  if (document === undefined) {
    const status = output['ContentRange'] === undefined ? (http.status ?? 200) : 206;
    response.writeHead(
      status,
      http.method === 'HEAD' || status === 204 ? headers : { ...headers, 'content-length': 0 },
    );
    response.end();
    return;
  }
  const xml = writeXml(document.root, document.content, NAMESPACE);
  response.writeHead(200, { ...headers, 'content-type': 'application/xml', 'content-length': Buffer.byteLength(xml) });
  response.end(xml);
}

/** Sends an error as S3 does: an XML document, or only the status for HEAD and 304. Discards the rest of the request body. */
export function sendError(request: IncomingMessage, response: ServerResponse, error: ServiceError): void {
  request.resume();
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const headers = requestHeaders();
  if (request.method === 'HEAD' || error.status === 304) {
    response.writeHead(error.status, headers).end();
    return;
  }
  const RequestId = String(headers['x-amz-request-id']);
  const content = { Code: error.code, Message: error.message, Resource: request.url ?? '', RequestId };
  const xml = writeXml('Error', content, '').replace(' xmlns=""', '');
  response
    .writeHead(error.status, {
      ...headers,
      'content-type': 'application/xml',
      'content-length': Buffer.byteLength(xml),
    })
    .end(xml);
}
