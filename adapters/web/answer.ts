import { startOf } from '#core/text/text.ts';
import { decodeBody } from '#core/web/charset.ts';
import type { FetchLimits } from '#core/web/limits.ts';
import { kindOfType, type PageKind } from '#core/web/media-type.ts';
import { normalized } from '#core/web/plain.ts';
import type { Failed } from '#core/web/retry.ts';
import type { PageSnapshot } from '#core/web/snapshot.ts';
import { retryAfterMs } from '../http/retry-after.ts';
import { BodyRejected, unpacked } from './body.ts';
import type { Got } from './get.ts';
import { isSuccess } from './hop.ts';
import { readHtml } from './read/read-html.ts';
import { readPlain } from './read/read-plain.ts';
import { PageRejected } from './read/scan-html.ts';

/** What a response says, without where and when. */
export type Answer =
  | { readonly kind: 'page'; readonly page: ReadBody }
  | { readonly kind: 'not-modified' }
  | { readonly kind: 'redirect'; readonly location: string }
  | ({ readonly kind: 'failed' } & Failed);

export type ReadBody = Pick<
  PageSnapshot,
  'type' | 'text' | 'title' | 'published' | 'links' | 'feeds' | 'etag' | 'lastModified'
>;

/** Validators are sent back. Longer ones are not. */
const MAX_VALIDATOR_CHARS = 1_000;

/** Reads a response. @param raw whether the body is taken as plain text, whatever its type */
export function answerOf(got: Got, url: string, now: number, limits: FetchLimits, raw: boolean): Answer {
  const { status, headers } = got;
  if (status === 304) return { kind: 'not-modified' };
  if (status >= 300 && status < 400 && headers.location !== undefined) return redirectOf(headers.location, url);
  if (!isSuccess(status)) return failedOf(status, retryAfterMs(headers['retry-after'], now));
  try {
    return bodyOf(got, url, limits, raw);
  } catch (error) {
    if (error instanceof PageRejected) return { kind: 'failed', failure: 'damaged', reason: error.message, status };
    if (error instanceof BodyRejected) return { kind: 'failed', failure: error.why, reason: error.message, status };
    throw error;
  }
}

/** The target as it stands: the next request judges it. */
function redirectOf(location: string, url: string): Answer {
  if (!URL.canParse(location, url)) return { kind: 'failed', failure: 'redirects', reason: 'It redirects to no URL.' };
  return { kind: 'redirect', location: new URL(location, url).href };
}

function failedOf(status: number, retryAfterMs: number | undefined): Answer {
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  const failed = (failure: Failed['failure'], reason: string): Answer => ({
    kind: 'failed',
    failure,
    reason,
    status,
    ...wait,
  });
  if (status === 404 || status === 410) return failed('not-found', `The page does not exist (${status}).`);
  if (status === 401 || status === 403) return failed('denied', `The site denies the page (${status}).`);
  if (status === 429 || (status === 503 && retryAfterMs !== undefined)) {
    return failed('throttled', `The site asks for fewer requests (${status}).`);
  }
  return failed('status', `The site answered with status ${status}.`);
}

function bodyOf({ status, headers, body }: Got, url: string, limits: FetchLimits, raw: boolean): Answer {
  const type = headers['content-type'];
  const kind = raw ? 'text' : kindOfType(type);
  if (kind === null || kind === 'pdf') {
    const reason =
      kind === 'pdf' ? 'The document is a PDF, which is not read.' : 'The type of the document is not read.';
    return { kind: 'failed', failure: 'type', reason, status };
  }
  const source = decodeBody(unpacked(body, limits.bytes), type);
  const page = read(sniffed(kind, source), source, url);
  if (isSoftError(page))
    return { kind: 'failed', failure: 'not-found', reason: 'The page says that it does not exist.', status };
  const { etag, 'last-modified': lastModified } = headers;
  return {
    kind: 'page',
    page: {
      ...page,
      ...(isValidator(etag) && { etag }),
      ...(isValidator(lastModified) && { lastModified }),
    },
  };
}

const isValidator = (value: string | undefined): boolean => value !== undefined && value.length <= MAX_VALIDATOR_CHARS;

/** Feeds and JSON are often sent as pages. */
function sniffed(kind: PageKind, source: string): PageKind {
  if (kind !== 'html') return kind;
  const start = startOf(source, 400).trimStart();
  if (
    /^(<\?xml[^>]{0,200}>\s{0,50})?(<!--[^>]{0,200}-->\s{0,50})?<(rss|feed|rdf:RDF|urlset|sitemapindex)\b/i.test(start)
  )
    return 'xml';
  return /^[{[]/.test(start) ? 'json' : kind;
}

function read(type: PageKind, source: string, url: string): ReadBody {
  if (type !== 'html') return { type, text: readPlain(type, source), title: '', links: [], feeds: [] };
  const { published, links, feeds, ...page } = readHtml(source, url);
  return { type, ...page, ...(published !== undefined && { published }), links: [...links], feeds: [...feeds] };
}

const SOFT_ERROR =
  /^\W*(error\W+)?(404\b|(the |this |that )?page (was |could |can|is )?(not|n.t|no longer) |not found\b|oops\b)/i;

/** A page that says "not found" with status 200. */
const isSoftError = ({ type, title, text }: ReadBody): boolean =>
  type === 'html' && text.length < 1_500 && (SOFT_ERROR.test(title) || SOFT_ERROR.test(normalized(startOf(text, 200))));
