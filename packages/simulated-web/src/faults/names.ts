/**
 * What can be wrong with a host. A fault of kind `host` holds for every request to it; `page` adds a page to the news list
 * and the sitemap that misbehaves when it is fetched; `text` changes what the pages say.
 */
export const FAULTS = {
  'robots-500': { kind: 'host', blocks: true, says: '/robots.txt is a 500: nothing may be fetched (RFC 9309)' },
  'robots-404': { kind: 'host', blocks: false, says: '/robots.txt is a 404: everything may be fetched' },
  'robots-403': { kind: 'host', blocks: false, says: '/robots.txt is a 403: everything may be fetched' },
  'robots-html': { kind: 'host', blocks: false, says: '/robots.txt is an HTML page without rules' },
  'robots-disallow': { kind: 'host', blocks: true, says: '/robots.txt disallows everything' },
  'crawl-delay': { kind: 'host', blocks: false, says: '/robots.txt asks for two seconds between requests' },
  'rate-limit': { kind: 'host', blocks: false, says: 'the first page of a night is a 429 with Retry-After: 1' },
  unavailable: { kind: 'host', blocks: false, says: 'the first page of a night is a 503 with Retry-After: 1' },
  'latin-1': { kind: 'host', blocks: false, says: 'pages are ISO-8859-1, and nothing says so' },
  'wrong-charset': {
    kind: 'host',
    blocks: false,
    says: 'the header says ISO-8859-1, the bytes and the meta tag UTF-8',
  },
  'js-only': { kind: 'host', blocks: true, says: 'pages have no text without JavaScript' },
  'login-wall': { kind: 'host', blocks: true, says: 'articles redirect to a form that asks for a password' },
  'soft-404': { kind: 'host', blocks: false, says: 'a page that does not exist is a 200 that says so' },
  'gone-since-yesterday': { kind: 'host', blocks: true, says: 'from night 1 on every page is a 404' },
  dead: { kind: 'host', blocks: true, says: 'the connection closes without an answer' },
  'redirect-loop': { kind: 'page', blocks: false, says: 'two addresses redirect to each other' },
  'redirect-100': { kind: 'page', blocks: false, says: 'a hundred redirects before the page' },
  'redirect-metadata': { kind: 'page', blocks: false, says: 'redirects to http://169.254.169.254/' },
  'redirect-mapped': { kind: 'page', blocks: false, says: 'redirects to http://[::ffff:127.0.0.1]/' },
  'redirect-private': { kind: 'page', blocks: false, says: 'redirects to http://intranet.internal/' },
  'gzip-bomb': { kind: 'page', blocks: false, says: '64 kB that unpack to 64 MiB' },
  'endless-body': { kind: 'page', blocks: false, says: 'a body without an end, as fast as it is read' },
  'slow-body': { kind: 'page', blocks: false, says: 'a few bytes a second, without an end' },
  'injection-visible': {
    kind: 'text',
    blocks: false,
    says: 'an article has a paragraph that gives orders to the reader',
  },
  'injection-hidden': { kind: 'text', blocks: false, says: 'the same, hidden by a style sheet' },
  'injection-comment': { kind: 'text', blocks: false, says: 'the same, in a comment' },
  'injection-title': { kind: 'text', blocks: false, says: 'the same, in the title of the page' },
  'injection-json-ld': { kind: 'text', blocks: false, says: 'the same, in the JSON-LD description' },
  'injection-zero-width': {
    kind: 'text',
    blocks: false,
    says: 'the same, with zero-width characters between the letters',
  },
  'future-date': { kind: 'text', blocks: false, says: 'an article of next year, about nothing that happened' },
  'old-date': { kind: 'text', blocks: false, says: 'an article of ten years ago, first in the news list' },
  renamed: { kind: 'text', blocks: false, says: 'the company has another name from night 1 on' },
  namesake: { kind: 'text', blocks: false, says: 'a company of the same name is in the news and in the search' },
} as const satisfies Record<string, FaultDescription>;

interface FaultDescription {
  readonly kind: 'host' | 'page' | 'text';
  /** Whether a polite program cannot read the articles of the host, at least from some night on. */
  readonly blocks: boolean;
  readonly says: string;
}

export type FaultName = keyof typeof FAULTS;

/** Faults that no seed chooses: whoever wants them asks for them. */
export const ON_REQUEST: readonly FaultName[] = ['dead', 'unavailable'];

export const FAULT_NAMES = Object.keys(FAULTS) as FaultName[];

export const isInjection = (fault: FaultName): boolean => fault.startsWith('injection-');
