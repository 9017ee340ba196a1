import { httpDate } from '../world/calendar.ts';
import { escape } from './html.ts';

export interface FeedItem {
  readonly url: string;
  readonly title: string;
  readonly published: Date;
  /** Absent where readers must log in. */
  readonly summary?: string;
}

export interface Feed {
  readonly title: string;
  readonly site: string;
  readonly url: string;
  readonly items: readonly FeedItem[];
}

export function rss({ title, site, url, items }: Feed): string {
  const entries = items.map(
    (item) => `<item>
<title>${escape(item.title)}</title>
<link>${escape(item.url)}</link>
<guid isPermaLink="true">${escape(item.url)}</guid>
<pubDate>${httpDate(item.published)}</pubDate>
${item.summary === undefined ? '' : `<description>${escape(item.summary)}</description>\n`}</item>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom">
<channel>
<title>${escape(title)}</title>
<link>${escape(site)}</link>
<atom:link href="${escape(url)}" rel="self" type="application/rss+xml"/>
<description>News of ${escape(title)}</description>
${entries.join('\n')}
</channel>
</rss>
`;
}

export function atom({ title, site, url, items }: Feed): string {
  const updated = items[0]?.published ?? new Date(0);
  const entries = items.map(
    (item) => `<entry>
<title>${escape(item.title)}</title>
<link href="${escape(item.url)}"/>
<id>${escape(item.url)}</id>
<published>${item.published.toISOString()}</published>
<updated>${item.published.toISOString()}</updated>
${item.summary === undefined ? '' : `<summary>${escape(item.summary)}</summary>\n`}</entry>`,
  );
  return `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
<title>${escape(title)}</title>
<link href="${escape(site)}"/>
<link rel="self" href="${escape(url)}"/>
<id>${escape(site)}</id>
<updated>${updated.toISOString()}</updated>
${entries.join('\n')}
</feed>
`;
}
