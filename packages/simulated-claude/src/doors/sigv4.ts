import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { ApiError } from '../api-error.ts';
import type { AwsKey } from '../options.ts';
import { headerOf, type Incoming } from './door.ts';

const ALGORITHM = 'AWS4-HMAC-SHA256';
const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/\s]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/;

export const isSigned = (request: IncomingMessage): boolean =>
  headerOf(request, 'authorization')?.startsWith(ALGORITHM) === true;

/**
 * Checks a signature (Signature Version 4) and returns the access key id. Without known keys only its form and its service
 * are checked, because the keys of a local cloud's functions are not known here. Throws an `ApiError`.
 */
export function verifySignature(incoming: Incoming, service: string, keys: readonly AwsKey[]): string {
  const header = headerOf(incoming.request, 'authorization') ?? '';
  const [, accessKeyId = '', day = '', region = '', scope = '', names = '', signature = ''] =
    AUTHORIZATION.exec(header) ?? [];
  if (signature === '') throw rejected('Missing or incomplete Authorization header');
  if (scope !== service) throw rejected(`Credential should be scoped to correct service: '${service}'.`);
  const signed = names.split(';');
  if (!signed.includes('host') || !signed.includes('x-amz-date'))
    throw rejected("'Host' and 'X-Amz-Date' must be signed headers");
  if (keys.length === 0) return accessKeyId;
  const key = keys.find((known) => known.accessKeyId === accessKeyId);
  if (!key) throw rejected('The security token included in the request is invalid.');
  const date = headerOf(incoming.request, 'x-amz-date') ?? '';
  const credential = [day, region, service, 'aws4_request'];
  const text = [ALGORITHM, date, credential.join('/'), sha256(canonical(incoming, signed))].join('\n');
  const signingKey = credential.reduce<Buffer | string>(
    (secret, part) => hmac(secret, part),
    `AWS4${key.secretAccessKey}`,
  );
  if (!date.startsWith(day) || !timingSafeEqual(hmac(signingKey, text), Buffer.from(signature, 'hex')))
    throw rejected('The request signature we calculated does not match the signature you provided.');
  return accessKeyId;
}

/** The canonical request (AWS General Reference, "Create a canonical request"). The path is encoded twice. */
function canonical({ request, pathname, query, body }: Incoming, signed: readonly string[]): string {
  const path = pathname
    .split('/')
    .map((part) => escaped(part))
    .join('/');
  const parameters = [...query].map(([name, value]) => `${escaped(name)}=${escaped(value)}`).sort();
  const headers = signed.map((name) => `${name}:${(headerOf(request, name) ?? '').trim().replaceAll(/\s+/g, ' ')}\n`);
  return [request.method, path, parameters.join('&'), headers.join(''), signed.join(';'), sha256(body)].join('\n');
}

const escaped = (text: string): string =>
  encodeURIComponent(text).replaceAll(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Buffer, data: string): Buffer => createHmac('sha256', key).update(data).digest();

const rejected = (message: string): ApiError => new ApiError('permission_error', message);
