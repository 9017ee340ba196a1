import type { IncomingMessage } from 'node:http';

/** A request as it is signed: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
export interface CanonicalOptions {
  readonly signedHeaders: readonly string[];
  /** The SHA-256 of the body in hexadecimal, or a marker such as `UNSIGNED-PAYLOAD`. */
  readonly payload: string;
  /** S3 encodes a path once and keeps its slashes. Other services encode the path of the request again. */
  readonly s3: boolean;
}

export function canonicalRequest(
  { method = 'GET', url = '/', headers }: Pick<IncomingMessage, 'method' | 'url' | 'headers'>,
  { signedHeaders, payload, s3 }: CanonicalOptions,
): string {
  const question = url.indexOf('?');
  const path = question === -1 ? url : url.slice(0, question);
  const query = question === -1 ? '' : canonicalQuery(url.slice(question + 1));
  let lines = '';
  for (const name of signedHeaders) lines += `${name}:${canonicalValue(headers[name])}\n`;
  return `${method}\n${s3 ? once(path) : twice(path)}\n${query}\n${lines}\n${signedHeaders.join(';')}\n${payload}`;
}

const UNRESERVED = /^[A-Za-z0-9\-._~/]*$/;

const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function once(path: string): string {
  return UNRESERVED.test(path)
    ? path
    : path
        .split('/')
        .map((part) => encode(decode(part)))
        .join('/');
}

/** Removes `.` and `..` and repeated slashes, then encodes what is already encoded. */
function twice(path: string): string {
  if (path === '/') return path;
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(encode(part));
  }
  const end = parts.length > 0 && path.endsWith('/') ? '/' : '';
  return `/${parts.join('/')}${end}`;
}

/** Parameters are sorted by their encoded names, then by their values. The signature itself is not signed. */
function canonicalQuery(query: string): string {
  if (query === '') return '';
  const pairs = query.split('&').flatMap((part): [string, string][] => {
    if (part === '') return [];
    const equals = part.indexOf('=');
    const name = encode(decode(equals === -1 ? part : part.slice(0, equals)));
    return name === 'X-Amz-Signature' ? [] : [[name, equals === -1 ? '' : encode(decode(part.slice(equals + 1)))]];
  });
  pairs.sort(([a, x], [b, y]) => compare(a, b) || compare(x, y));
  return pairs.map(([name, value]) => `${name}=${value}`).join('&');
}

const compare = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

function canonicalValue(value: string | readonly string[] | undefined): string {
  const text = typeof value === 'string' ? value : (value ?? []).join(',');
  return text.includes('  ') ? text.trim().replaceAll(/ +/g, ' ') : text.trim();
}
