import type { Fetcher } from '#core/ports/fetcher.ts';
import { SOURCE_BUDGET, type Collection, type Company, type SourceBudget } from './company.ts';
import { readEdgar, SEC, type EdgarHosts } from './edgar.ts';
import { MAX_NEWS, readNews } from './news.ts';
import { Deferred, Reader } from './reader.ts';
import { readSite, siteUrl } from './site.ts';

export interface CollectOptions {
  readonly fetcher: Fetcher;
  /** The night that it is for, such as `2026-11-28`. */
  readonly night: string;
  /** Without news, which has places of its own. @default 12 documents, 400,000 characters */
  readonly budget?: SourceBudget;
  /** Pages that a search found. They have places of their own. @default none */
  readonly found?: readonly string[];
  /** @default the SEC's own */
  readonly edgar?: EdgarHosts;
}

export type CollectResult =
  | ({ readonly kind: 'collected' } & Collection)
  /** A site asks to wait. Call again at `at` (milliseconds since the epoch): what was fetched is not fetched again. */
  | { readonly kind: 'later'; readonly at: number; readonly soFar: Collection };

/**
 * Collects a company's documents from sources that cost nothing: its reports to the SEC, news about it,
 * its site and its feeds. The same
 * night gives the same documents. Whatever fails is a row of `failures`. Throws only for errors on our side.
 */
export async function collectSources(company: Company, options: CollectOptions): Promise<CollectResult> {
  const { fetcher, night, budget = SOURCE_BUDGET, edgar = SEC, found = [] } = options;
  const hasNews = (company.news ?? []).length > 0;
  const pages = budget.pages + (hasNews ? MAX_NEWS : 0) + found.length;
  const reader = new Reader(fetcher, night, { ...budget, pages });
  const own = company.site === undefined ? null : siteUrl(company.site);
  if (own !== null) reader.own(own);
  const waits: number[] = [];
  // A source that asks to wait does not keep the others waiting.
  const sources = [
    () => readEdgar(company, night, reader, edgar),
    () => readNews(company, night, reader),
    () => readOwnSite(company, night, reader, found.length > 0),
    () => readFound(found, reader),
  ];
  for (const read of sources) {
    try {
      await read();
    } catch (error) {
      if (!(error instanceof Deferred)) throw error;
      reader.fail(error.url, 'The site asked to wait.', true);
      waits.push(error.at);
    }
  }
  if (waits.length > 0) return { kind: 'later', at: Math.min(...waits), soFar: reader.collection() };
  return { kind: 'collected', ...reader.collection() };
}

/** What a search found is the word of others, unless the reader sees that it lies on the company's own site. */
async function readFound(found: readonly string[], reader: Reader): Promise<void> {
  for (const url of found) await reader.read(url, 'press');
}

async function readOwnSite(
  { site, ticker, cik }: Company,
  night: string,
  reader: Reader,
  hasOthers: boolean,
): Promise<void> {
  if (site === undefined) {
    if (ticker === undefined && cik === undefined && !hasOthers)
      reader.fail('', 'The company has neither a site nor a ticker.');
    return;
  }
  const url = siteUrl(site);
  if (url === null) reader.fail(site, 'The site is not a public web address such as example.com.');
  else await readSite(url, night, reader);
}

export interface PatientOptions extends CollectOptions {
  readonly now: () => number;
  /** Resolves after that many milliseconds; rejects when the signal is aborted. */
  readonly delay: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
  /** When the waiting ends, in milliseconds since the epoch. */
  readonly until: number;
}

/**
 * Collects a company's documents for a caller that cannot park: it waits as often as sites ask, until its time is over.
 * Then it returns what there is, and the failures say which site asked to wait.
 */
export async function collectUntil(company: Company, options: PatientOptions): Promise<Collection> {
  const { now, delay, signal, until } = options;
  for (;;) {
    const found = await collectSources(company, options);
    if (found.kind === 'collected') return found;
    if (found.at > until) return found.soFar;
    await delay(Math.max(1, found.at - now()), signal);
  }
}
