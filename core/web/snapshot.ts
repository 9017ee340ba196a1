import { z } from 'zod';
import { stored, storedRecord } from '../stored/record.ts';

/** Why a page could not be fetched. */
export const FETCH_FAILURES = [
  /** The URL or its address is not fetched. */
  'refused',
  /** The site's robots.txt forbids it, or cannot be read. */
  'robots',
  /** 404, 410, or a page that says so. */
  'not-found',
  /** 401 or 403. */
  'denied',
  /** 429, or 503 with `Retry-After`, again and again. */
  'throttled',
  /** Another status. */
  'status',
  'redirects',
  'too-large',
  'timeout',
  'unreachable',
  /** A type that is not read. */
  'type',
  'damaged',
] as const;
export type FetchFailure = (typeof FETCH_FAILURES)[number];

/** Failures that say nothing of the page: there may be one, with news. */
export const UNREAD: ReadonlySet<FetchFailure> = new Set([
  'denied',
  'throttled',
  'status',
  'timeout',
  'unreachable',
  'damaged',
]);

const linkSchema = stored({ url: z.string(), text: z.string() });

const common = {
  /** The canonical URL. */
  url: z.string(),
  night: z.string(),
  /** Milliseconds since the epoch. */
  fetched: z.number(),
};

export const pageSnapshotSchema = storedRecord({
  ...common,
  kind: z.literal('page'),
  type: z.enum(['html', 'xml', 'json', 'text', 'pdf']),
  /** Of HTML what a reader sees, else the body without unseen characters and comments. */
  text: z.string(),
  /** SHA-256 of the normalised text. */
  hash: z.string(),
  /** The hash of the last night that has this page. Null for none. */
  before: z.string().nullable(),
  title: z.string(),
  /** When the page says it was published, as an ISO date or time. */
  published: z.string().optional(),
  links: z.array(linkSchema),
  /** The feeds that the page names. */
  feeds: z.array(z.string()),
  etag: z.string().optional(),
  lastModified: z.string().optional(),
});
export type PageSnapshot = z.infer<typeof pageSnapshotSchema>;

export const snapshotSchema = z.discriminatedUnion('kind', [
  pageSnapshotSchema,
  storedRecord({ ...common, kind: z.literal('redirect'), location: z.string() }),
  storedRecord({
    ...common,
    kind: z.literal('failed'),
    failure: z.enum(FETCH_FAILURES),
    reason: z.string(),
    /** The HTTP status, if there was a response. */
    status: z.number().optional(),
    /** How often the URL was asked for in this night, where that may help, and when it may be asked again. */
    tries: z.number().optional(),
    retryAt: z.number().optional(),
  }),
]);
/** What fetching a URL came to in a night. */
export type Snapshot = z.infer<typeof snapshotSchema>;

/** A site gives no permit before `at`, in milliseconds since the epoch. */
export interface Later {
  readonly kind: 'later';
  readonly at: number;
}
