import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { httpDate } from '../world/calendar.ts';
import type { Answer } from './answer.ts';

/** Sends an answer, with validators for what has a date, and 304 to whoever has it. Returns the status. */
export function send(request: IncomingMessage, response: ServerResponse, answer: Answer, compresses: boolean): number {
  if (answer.stream !== undefined) {
    answer.stream(response);
    return 200;
  }
  const body = Buffer.from(answer.body as string);
  const headers: Record<string, string> = { 'content-type': answer.type, ...answer.headers };
  const { modified } = answer;
  if (answer.status === 200 && modified !== undefined) {
    const etag = `"${createHash('sha1').update(body).digest('hex').slice(0, 20)}"`;
    Object.assign(headers, { etag, 'last-modified': httpDate(modified), 'cache-control': 'public, no-cache' });
    if (isFresh(request, etag, modified)) {
      response.writeHead(304, headers).end();
      return 304;
    }
  }
  const zipped = compresses && acceptsGzip(request) && /^(?:text|application)\/(?!gzip)/.test(answer.type);
  if (compresses) headers['vary'] = 'Accept-Encoding';
  if (zipped) headers['content-encoding'] = 'gzip';
  const bytes = zipped ? gzipSync(body) : body;
  response.writeHead(answer.status, { ...headers, 'content-length': bytes.length });
  response.end(request.method === 'HEAD' ? undefined : bytes);
  return answer.status;
}

/** RFC 9110: If-None-Match decides when there is one. */
function isFresh(request: IncomingMessage, etag: string, modified: Date): boolean {
  const tags = request.headers['if-none-match'];
  if (tags !== undefined) return tags === '*' || tags.split(/\s*,\s*/).some((tag) => tag.replace(/^W\//, '') === etag);
  const since = Date.parse(request.headers['if-modified-since'] ?? '');
  return !Number.isNaN(since) && Math.floor(modified.getTime() / 1_000) * 1_000 <= since;
}

const acceptsGzip = (request: IncomingMessage): boolean =>
  /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?(?:,|$))/.test(request.headers['accept-encoding'] ?? '');
