import { siteOf } from '#core/web/site.ts';
import type { NightRow } from '../memory/memory.ts';
import type { Brief } from './schema.ts';
import { oneLine } from './words.ts';

/** The SEC, and its stand-in. */
const SEC: ReadonlySet<string> = new Set(['sec.gov', 'sec.test']);

/**
 * Which sources could not be read for how many companies, a sentence for each: the SEC, and other sites that several
 * companies have in common. What a company's own site did not show stands on its page.
 */
export function unreadWords({ companies }: Pick<Brief, 'companies'>): string[] {
  const bySite = Map.groupBy(
    companies.flatMap((row) => [...unreadOf(row)].map(([site, reason]) => ({ site, reason }))),
    ({ site }) => site,
  );
  return [...bySite]
    .filter(([site, found]) => SEC.has(site) || found.length > 1)
    .toSorted(([a, one], [b, other]) => Number(SEC.has(b)) - Number(SEC.has(a)) || other.length - one.length)
    .slice(0, MAX_SITES)
    .map(([site, found]) => {
      const what = SEC.has(site) ? 'Filings of the SEC' : oneLine(site, 60);
      const of = `${found.length} of ${companies.length} ${companies.length === 1 ? 'company' : 'companies'}`;
      return `${what} could not be read for ${of}: ${mostOf(found.map(({ reason }) => oneLine(reason, 120)))}`;
    });
}

/** Sentences on the first page. */
const MAX_SITES = 4;

/** By site why it could not be read. */
function unreadOf({ failures }: Pick<NightRow, 'failures'>): ReadonlyMap<string, string> {
  const sites = new Map<string, string>();
  for (const { url, reason, unread } of failures) {
    if (unread !== true || !URL.canParse(url)) continue;
    const site = siteOf(new URL(url).hostname);
    if (!sites.has(site)) sites.set(site, reason);
  }
  return sites;
}

/** The most frequent one, and among equals the first. */
function mostOf(reasons: readonly string[]): string {
  const counts = Map.groupBy(reasons, (reason) => reason);
  return [...counts].toSorted(([, a], [, b]) => b.length - a.length)[0]?.[0] ?? '';
}
