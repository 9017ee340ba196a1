import { isoDate } from '../world/calendar.ts';
import { escape } from './html.ts';

export interface SitemapEntry {
  readonly url: string;
  readonly modified: Date;
}

const NAMESPACE = 'http://www.sitemaps.org/schemas/sitemap/0.9';

const list = (outer: string, inner: string, entries: readonly SitemapEntry[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?>
<${outer} xmlns="${NAMESPACE}">
${entries.map(({ url, modified }) => `<${inner}><loc>${escape(url)}</loc><lastmod>${isoDate(modified)}</lastmod></${inner}>`).join('\n')}
</${outer}>
`;

export const urlSet = (entries: readonly SitemapEntry[]): string => list('urlset', 'url', entries);
export const sitemapIndex = (entries: readonly SitemapEntry[]): string => list('sitemapindex', 'sitemap', entries);
