import type { FetchFailure, PageSnapshot } from '../web/snapshot.ts';

export interface FetchRequest {
  readonly url: string;
  /** The night that it is fetched for, such as `2026-11-28`. Within a night each page is fetched once. */
  readonly night: string;
  /** Whether the page never changes, so that one of an earlier night is taken without a request. @default false */
  readonly fixed?: boolean;
}

export type FetchResult =
  | {
      readonly kind: 'page';
      readonly page: PageSnapshot;
      /** Whether the text differs from the last night's, or there was none. */
      readonly changed: boolean;
    }
  | {
      readonly kind: 'failed';
      readonly url: string;
      readonly failure: FetchFailure;
      /** Whether the site said or showed nothing of the page: its rules or the page could not be read this time. */
      readonly unread?: true;
      /** One sentence for a person, without text of the page. */
      readonly reason: string;
    }
  /** The site has no permit to give before `at`. Park until then: what was fetched so far is kept. */
  | { readonly kind: 'later'; readonly at: number };

/** Fetches pages safely and politely. Throws only for errors on our side, such as a store that cannot be written. */
export interface Fetcher {
  fetch(request: FetchRequest): Promise<FetchResult>;
  /** The sitemaps that a site's robots.txt names; empty if it has none. */
  sitemaps(request: FetchRequest): Promise<readonly string[]>;
}
