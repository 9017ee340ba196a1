import robotsParser from 'robots-parser';

/** What fetching a robots.txt came to. `unreachable`: why there is no response that can be read, as a sentence. */
export type RobotsAnswer = { readonly status: number; readonly text: string } | { readonly unreachable: string };

/** The rules of one origin (scheme, host and port). */
export interface RobotsRules {
  /** Whether the agent may fetch a URL of this origin. Of another origin it never may: that one has its own rules. */
  mayFetch(url: string): boolean;
  /** Milliseconds between two requests that the site asks for, though no standard has them. Null for none. */
  readonly delayMs: number | null;
  readonly sitemaps: readonly string[];
  /** Why nobody knows the rules, so that all is forbidden, as a sentence. Null if they are known. */
  readonly unread: string | null;
}

/** A longer delay is meant to keep crawlers out. A fleet that honours it would not end in a night. */
const MAX_DELAY_MS = 30_000;
/** Lines and bytes that are read. A longer file repeats itself. */
const MAX_LINES = 20_000;

/**
 * The rules of an origin by RFC 9309: 2xx has rules; 4xx has none, so all may be fetched; 5xx and no answer forbid all.
 * 429 counts as 5xx, as large crawlers read it: the host asks for less, not for more.
 * @param robotsUrl the URL that was asked for; the rules are its origin's, also after redirects
 * @param agent the product token, such as `agent-fleet`
 */
export function robotsRules(robotsUrl: string, answer: RobotsAnswer, agent: string): RobotsRules {
  const { origin } = new URL(robotsUrl);
  const constant = (unread: string | null): RobotsRules => ({
    mayFetch: (url) => originOf(url) === origin && (unread === null || isRobots(url)),
    delayMs: null,
    sitemaps: [],
    unread,
  });
  if ('unreachable' in answer) return constant(answer.unreachable);
  const { status } = answer;
  if (status >= 200 && status < 300) return parsed(robotsUrl, answer.text, agent);
  const hasNone = status >= 300 && status < 500 && status !== 429;
  return constant(hasNone ? null : `The site answered with status ${status}.`);
}

/** The package's types name an ES module, and it is none. */
const parseRobots = robotsParser as unknown as typeof robotsParser.default;

function parsed(robotsUrl: string, text: string, agent: string): RobotsRules {
  const { origin } = new URL(robotsUrl);
  const rules = parseRobots(robotsUrl, bounded(text));
  const seconds = Number(rules.getCrawlDelay(agent));
  return {
    // The parser forbids robots.txt itself under `Disallow: /`, and knows nothing of other origins.
    mayFetch: (url) => originOf(url) === origin && (isRobots(url) || rules.isAllowed(url, agent) !== false),
    delayMs: seconds > 0 ? Math.min(seconds * 1_000, MAX_DELAY_MS) : null,
    sitemaps: rules.getSitemaps(),
    unread: null,
  };
}

/** Characters of rules with wildcards that are matched as they are. Each is compared with each character of a path. */
const MAX_WILD_CHARS = 32_768;

/** A file that is made to take long is cut: further rules count up to their first wildcard, which forbids more. */
function bounded(text: string): string {
  let wild = 0;
  const lines = text.split(/\r\n?|\n/, MAX_LINES).map((line) => {
    const star = line.indexOf('*', line.indexOf('/'));
    if (star < 0 || !line.includes('/')) return line;
    wild += line.length;
    return wild > MAX_WILD_CHARS ? line.slice(0, star) : line;
  });
  return lines.join('\n');
}

export const robotsUrlOf = (url: string): string => new URL('/robots.txt', url).href;

const originOf = (url: string): string => new URL(url).origin;
const isRobots = (url: string): boolean => new URL(url).pathname === '/robots.txt';
