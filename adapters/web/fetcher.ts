import type { Clock } from '#core/ports/clock.ts';
import type { FetchRequest, FetchResult, Fetcher } from '#core/ports/fetcher.ts';
import type { HostPaceStore } from '#core/ports/host-pace-store.ts';
import type { Ids } from '#core/ports/ids.ts';
import type { Snapshots } from '#core/ports/snapshots.ts';
import { canonicalUrl } from '#core/web/canonical.ts';
import { FETCH_LIMITS, type FetchLimits } from '#core/web/limits.ts';
import { SitePermits } from '#core/web/site-permits.ts';
import { UNREAD, type Later, type Snapshot } from '#core/web/snapshot.ts';
import { urlProblem } from '#core/web/url.ts';
import { systemResolve, type Resolve } from '../http/resolve.ts';
import { PageRequests } from './page-requests.ts';
import { RobotsOfSites } from './robots-of-sites.ts';
import type { StandIn } from './stand-in.ts';
import { setTimeout as wait } from 'node:timers/promises';

export interface WebFetcherOptions {
  readonly snapshots: Snapshots;
  /** How sites may be asked, shared by all workers. */
  readonly paces: HostPaceStore;
  readonly clock: Pick<Clock, 'now'>;
  readonly ids: Pick<Ids, 'random' | 'uuid' | 'digest'>;
  /** Whom a site's owner may ask: a web address or an e-mail address. Goes into the `User-Agent`. */
  readonly contact: string;
  /** @default none */
  readonly standIn?: StandIn | undefined;
  /** @default 5 redirects, 15 s, 3 MB */
  readonly limits?: FetchLimits;
  /** @default the system's resolver */
  readonly resolve?: Resolve;
  /** Resolves after that many milliseconds. @default a timer */
  readonly delay?: (ms: number) => Promise<void>;
  /** Certificates in PEM to trust instead of the usual ones. @default none */
  readonly ca?: string;
}

/** The name by which robots.txt files know us. */
export const PRODUCT = 'agent-fleet';
/** A permit is held a little longer than its request can take. */
const LEASE_MARGIN_MS = 10_000;

/**
 * Fetches pages of sites that nobody vouches for: only public addresses, each checked and pinned, again after each
 * redirect; bounded in size and time; by the rules of robots.txt, one request at a time for each site over all workers;
 * each page once a night, by a conditional request if an earlier night has it.
 */
export function webFetcher(options: WebFetcherOptions): Fetcher {
  const { limits = FETCH_LIMITS, resolve = systemResolve, contact, standIn, ca, paces, clock, ids } = options;
  const delay = options.delay ?? ((ms: number) => wait(ms).then(() => undefined));
  const permits = new SitePermits({ store: paces, clock, ids, delay, leaseMs: limits.timeMs + LEASE_MARGIN_MS });
  const userAgent = `${PRODUCT}/0.2 (${/^https?:/.test(contact) ? `+${contact}` : contact})`;
  const hop = { resolve, limits, userAgent, standIn, ca };
  const requests = new PageRequests({ snapshots: options.snapshots, permits, clock, ids, hop });
  const robots = new RobotsOfSites({ requests, clock, limits, agent: PRODUCT });

  const step: Step = async (url, { night, fixed }) => {
    const known = await requests.known(url, night, fixed);
    if (known !== null) return known;
    const rules = await robots.rulesOf(url, night);
    if ('at' in rules) return rules;
    if (!rules.mayFetch(url)) return { kind: 'forbidden', unread: rules.unread };
    return requests.send({ url, night, crawlDelayMs: rules.delayMs });
  };
  return {
    fetch: (request) => follow(request, limits, step),
    async sitemaps({ url, night }) {
      if (urlProblem(url) !== null) return [];
      const rules = await robots.rulesOf(url, night);
      return 'at' in rules ? [] : rules.sitemaps;
    },
  };
}

interface Forbidden {
  readonly kind: 'forbidden';
  readonly unread: string | null;
}
type Step = (url: string, request: FetchRequest) => Promise<Snapshot | Later | Forbidden>;

/** Takes one request after the other until there is no further redirect. */
async function follow(request: FetchRequest, limits: FetchLimits, step: Step): Promise<FetchResult> {
  const asked = request.url;
  const seen = new Set<string>();
  let target = asked;
  for (let redirects = 0; redirects <= limits.redirects; redirects += 1) {
    const problem = urlProblem(target);
    if (problem !== null) {
      const which = redirects === 0 ? 'The URL' : 'It redirects to a URL that';
      return { kind: 'failed', url: asked, failure: 'refused', reason: `${which} ${problem}.` };
    }
    const url = canonicalUrl(target);
    if (seen.has(url)) break;
    seen.add(url);
    const found = await step(url, request);
    if (found.kind === 'later') return found;
    if (found.kind === 'forbidden') {
      const unread = found.unread !== null && { unread: true as const };
      return { kind: 'failed', url: asked, failure: 'robots', reason: whyForbidden(found), ...unread };
    }
    if (found.kind === 'failed') {
      const { failure, reason } = found;
      return { kind: 'failed', url: asked, failure, reason, ...(UNREAD.has(failure) && { unread: true as const }) };
    }
    if (found.kind === 'page') return { kind: 'page', page: found, changed: found.before !== found.hash };
    target = found.location;
  }
  return { kind: 'failed', url: asked, failure: 'redirects', reason: 'It redirects in a circle or too often.' };
}

/** A site that is down has no rules that forbid anything: its reader looks elsewhere for the cause. */
const whyForbidden = ({ unread }: Forbidden): string =>
  unread === null
    ? "The site's robots.txt forbids it."
    : `The site's robots.txt could not be read, so nothing of it is fetched: ${unread}`;
