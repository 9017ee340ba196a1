import { readFeed } from '#adapters/web/read/feed.ts';
import type { Candidate } from './choose.ts';
import type { Reader } from './reader.ts';

const MAX_FEEDS = 2;

/** The stories that feeds name. What is no feed is a failure. Throws `Deferred`. */
export async function feedStories(feeds: readonly string[], reader: Reader): Promise<Candidate[]> {
  const stories: Candidate[] = [];
  for (const url of [...new Set(feeds)].slice(0, MAX_FEEDS)) {
    const fetched = await reader.page(url);
    if (fetched === null) continue;
    const items = readFeed(fetched.page.text, url);
    if (items === null) reader.fail(url, 'The feed cannot be read.');
    else
      stories.push(
        ...items.map(({ published, ...item }) => ({ ...item, ...(published !== undefined && { dated: published }) })),
      );
  }
  return stories;
}
