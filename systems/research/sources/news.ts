import { mentions } from '../strategy/names.ts';
import { isSettled, newestStories, type Candidate } from './choose.ts';
import type { Company } from './company.ts';
import { feedStories } from './feeds.ts';
import type { Reader } from './reader.ts';

/** Stories about one company in a night, over all news sites. Its own pages keep their places. */
export const MAX_NEWS = 4;

/**
 * Reads what news sites tell about a company: the newest stories whose title names it. `{name}` and `{ticker}` in an
 * address are the company's. What is written there is worth what it is worth on any other page. Throws `Deferred`.
 */
export async function readNews(company: Company, night: string, reader: Reader): Promise<void> {
  const stories: Candidate[] = [];
  for (const template of company.news ?? []) {
    const url = addressFor(template, company);
    // A company without a ticker is not looked for by its ticker.
    if (url !== null) stories.push(...(await storiesOf(url, reader)));
  }
  const found = newestStories(
    stories.filter(({ title = '' }) => mentions(title, company.name)),
    night,
  );
  for (const { url, title, dated } of found.slice(0, MAX_NEWS))
    await reader.read(url, 'press', {
      ...(title !== undefined && title !== '' && { title }),
      published: dated,
      fixed: isSettled(dated, night),
    });
}

/** The address for one company. Null if it needs a ticker, and there is none. */
export function addressFor(template: string, { name, ticker }: Pick<Company, 'name' | 'ticker'>): string | null {
  if (template.includes('{ticker}') && ticker === undefined) return null;
  return template
    .replaceAll('{name}', encodeURIComponent(name))
    .replaceAll('{ticker}', encodeURIComponent(ticker ?? ''));
}

/** The stories of a feed, or of the feed that a page names. */
async function storiesOf(url: string, reader: Reader): Promise<readonly Candidate[]> {
  const fetched = await reader.page(url);
  if (fetched === null) return [];
  const [feed] = fetched.page.feeds;
  if (feed !== undefined) return feedStories([feed], reader);
  return feedStories([url], reader);
}
