import { hostOf } from '#core/callbacks/url.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Ids } from '#core/ports/ids.ts';
import type { Snapshots } from '#core/ports/snapshots.ts';
import { normalized } from '#core/web/plain.ts';
import type { Ended } from '#core/web/politeness.ts';
import type { Permit, SitePermits } from '#core/web/site-permits.ts';
import { retryOf } from '#core/web/retry.ts';
import { mannerOf, siteOf } from '#core/web/site.ts';
import type { Later, PageSnapshot, Snapshot } from '#core/web/snapshot.ts';
import { answerOf, type Answer } from './answer.ts';
import { hop, type HopOptions } from './hop.ts';

export interface PageRequestsOptions {
  readonly snapshots: Snapshots;
  readonly permits: SitePermits;
  readonly clock: Pick<Clock, 'now'>;
  readonly ids: Pick<Ids, 'digest'>;
  readonly hop: HopOptions;
}

export interface PageRequest {
  /** Canonical, and judged. */
  readonly url: string;
  readonly night: string;
  /** What the site's robots.txt asks for. */
  readonly crawlDelayMs: number | null;
  /** Takes the body as plain text, whatever its type, and cuts it at that many bytes. @default by its type */
  readonly rawUpTo?: number;
}

/** Sends the requests of single URLs: with a permit of their site, and each answer stored before the permit ends. */
export class PageRequests {
  readonly #options: PageRequestsOptions;

  constructor(options: PageRequestsOptions) {
    this.#options = options;
  }

  /** What this night came to already. Null if the URL is to be asked for. */
  async known(url: string, night: string, fixed = false): Promise<Snapshot | Later | null> {
    const { snapshots, clock } = this.#options;
    const newest = await snapshots.newest(url, night);
    if (newest?.night === night) return asKnown(newest, clock.now());
    if (!fixed || newest?.kind !== 'page') return null;
    const same = { ...newest, night, before: newest.hash };
    await snapshots.put(same);
    return same;
  }

  async send(request: PageRequest): Promise<Snapshot | Later> {
    const { url, crawlDelayMs } = request;
    const site = siteOf(hostOf(new URL(url)));
    return this.#withPermit(site, mannerOf(site, crawlDelayMs), () => this.#ask(request));
  }

  async #withPermit(site: string, manner: Permit['manner'], work: () => Promise<Done>): Promise<Snapshot | Later> {
    const { permits } = this.#options;
    const asked = await permits.acquire(site, manner);
    if (asked.kind === 'later') return asked;
    let done: Done | undefined;
    try {
      done = await work();
      const { ended: _, ...found } = done;
      return found;
    } finally {
      await permits.release(asked.permit, done?.ended);
    }
  }

  async #ask(request: PageRequest): Promise<Done> {
    const { url, night, rawUpTo } = request;
    const { snapshots, clock } = this.#options;
    const newest = await snapshots.newest(url, night);
    // Another worker may have been faster.
    if (newest?.night === night) {
      const known = asKnown(newest, clock.now());
      if (known !== null) return known;
    }
    const earlier = newest?.kind === 'page' ? newest : null;
    const tries = newest?.kind === 'failed' && newest.night === night ? (newest.tries ?? 0) : 0;
    const result = await hop(
      { url, headers: validatorsOf(earlier), ...(rawUpTo !== undefined && { cutAt: rawUpTo, typed: false }) },
      this.#options.hop,
    );
    const now = clock.now();
    const answer: Answer =
      result.kind === 'failed'
        ? result
        : answerOf(result.got, url, now, this.#options.hop.limits, rawUpTo !== undefined);
    const snapshot = this.#snapshotOf(answer, { url, night, fetched: now }, earlier, tries);
    await snapshots.put(snapshot);
    return { ...(asKnown(snapshot, now) ?? snapshot), ended: { at: now, retryAfterMs: blockOf(answer) } };
  }

  #snapshotOf(
    answer: Answer,
    common: { readonly url: string; readonly night: string; readonly fetched: number },
    earlier: PageSnapshot | null,
    tries: number,
  ): Snapshot {
    if (answer.kind === 'page') {
      const hash = this.#options.ids.digest(normalized(`${answer.page.title}\n${answer.page.text}`));
      return { ...common, kind: 'page', ...answer.page, hash, before: earlier?.hash ?? null };
    }
    if (answer.kind === 'redirect') return { ...common, ...answer };
    if (answer.kind === 'not-modified') {
      if (earlier !== null) return { ...earlier, ...common, before: earlier.hash };
      return {
        ...common,
        kind: 'failed',
        failure: 'status',
        reason: 'The site answered with status 304.',
        status: 304,
      };
    }
    const { kind, failure, reason, status } = answer;
    const retry = retryOf(answer, tries, common.fetched);
    return { ...common, kind, failure, reason, ...(status !== undefined && { status }), ...retry };
  }
}

/** What came of a request. Without an end, none was sent. */
type Done = (Snapshot | Later) & { readonly ended?: Ended };

/** Without `Retry-After`, a site that throttles is left alone for a while. */
const BLOCK_MS = 20_000;
const MAX_BLOCK_MS = 24 * 3_600_000;

function blockOf(answer: Answer): number | undefined {
  if (answer.kind !== 'failed') return undefined;
  if (answer.retryAfterMs !== undefined) return Math.min(answer.retryAfterMs, MAX_BLOCK_MS);
  return answer.failure === 'throttled' ? BLOCK_MS : undefined;
}

/** A failure that may pass is asked for again when its time has come. Null for that. */
function asKnown(snapshot: Snapshot, now: number): Snapshot | Later | null {
  if (snapshot.kind !== 'failed' || snapshot.retryAt === undefined) return snapshot;
  return snapshot.retryAt > now ? { kind: 'later', at: snapshot.retryAt } : null;
}

function validatorsOf(earlier: PageSnapshot | null): Record<string, string> {
  return {
    ...(earlier?.etag !== undefined && { 'if-none-match': earlier.etag }),
    ...(earlier?.lastModified !== undefined && { 'if-modified-since': earlier.lastModified }),
  };
}
