import type { Clock } from '#core/ports/clock.ts';
import { canonicalUrl } from '#core/web/canonical.ts';
import { ROBOTS_BYTES, type FetchLimits } from '#core/web/limits.ts';
import { robotsRules, robotsUrlOf, type RobotsAnswer, type RobotsRules } from '#core/web/robots.ts';
import type { Later, Snapshot } from '#core/web/snapshot.ts';
import { urlProblem } from '#core/web/url.ts';
import type { PageRequests } from './page-requests.ts';

export interface RobotsOfSitesOptions {
  readonly requests: PageRequests;
  readonly clock: Pick<Clock, 'now'>;
  readonly limits: FetchLimits;
  /** The product token. */
  readonly agent: string;
}

/** How long rules may be used (RFC 9309, 2.4). */
const KEPT_MS = 24 * 3_600_000;
/** Origins whose parsed rules a process keeps. */
const MAX_KEPT = 200;

/** The rules of each origin: fetched once a night, kept for 24 hours at most. */
export class RobotsOfSites {
  readonly #options: RobotsOfSitesOptions;
  readonly #kept = new Map<string, { readonly rules: RobotsRules; readonly until: number }>();

  constructor(options: RobotsOfSitesOptions) {
    this.#options = options;
  }

  async rulesOf(url: string, night: string): Promise<RobotsRules | Later> {
    const robotsUrl = robotsUrlOf(url);
    const key = `${night} ${robotsUrl}`;
    const kept = this.#kept.get(key);
    if (kept !== undefined && this.#options.clock.now() < kept.until) return kept.rules;
    const answer = await this.#answerOf(robotsUrl, night);
    if (typeof answer === 'object' && 'at' in answer) return answer;
    const rules = robotsRules(robotsUrl, answer, this.#options.agent);
    this.#keep(key, rules);
    return rules;
  }

  #keep(key: string, rules: RobotsRules): void {
    const oldest = this.#kept.size >= MAX_KEPT ? this.#kept.keys().next().value : undefined;
    if (oldest !== undefined) this.#kept.delete(oldest);
    this.#kept.set(key, { rules, until: this.#options.clock.now() + KEPT_MS });
  }

  /** Redirects are followed, also to other hosts: the rules count for the origin that was asked (RFC 9309, 2.3.1.2). */
  async #answerOf(robotsUrl: string, night: string): Promise<RobotsAnswer | Later> {
    const { requests, limits } = this.#options;
    let target = robotsUrl;
    for (let redirects = 0; redirects <= limits.redirects; redirects += 1) {
      const problem = urlProblem(target);
      if (problem !== null) return { unreachable: `It is at a URL that ${problem}.` };
      const url = canonicalUrl(target);
      const found: Snapshot | Later =
        (await requests.known(url, night)) ??
        (await requests.send({ url, night, crawlDelayMs: null, rawUpTo: ROBOTS_BYTES }));
      if (found.kind === 'later') return found;
      if (found.kind === 'page') return { status: 200, text: found.text };
      if (found.kind === 'failed') return withoutRules(found);
      target = found.location;
    }
    // Too many redirects count as no file (RFC 9309, 2.3.1.2).
    return { status: 404, text: '' };
  }
}

/** A file whose body cannot be read, such as a damaged archive, may forbid anything. So it counts as no answer. */
const withoutRules = ({
  status,
  reason,
}: Pick<Extract<Snapshot, { kind: 'failed' }>, 'status' | 'reason'>): RobotsAnswer =>
  status === undefined || (status >= 200 && status < 300) ? { unreachable: reason } : { status, text: '' };
