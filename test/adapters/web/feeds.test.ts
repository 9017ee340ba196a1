import { expect, test } from 'vitest';
import { readFeed } from '#adapters/web/read/feed.ts';
import { readSitemap } from '#adapters/web/read/sitemap.ts';

test('the entries of an RSS feed, with absolute links and dates', () => {
  const rss =
    '<rss version="2.0"><channel><title>News</title><item><title>Acme cuts prices</title><link>/news/1</link><pubDate>Tue, 10 Nov 2026 08:00:00 GMT</pubDate></item></channel></rss>';
  expect(readFeed(rss, 'https://acme.example/feed')).toMatchObject([
    {
      url: 'https://acme.example/news/1',
      title: 'Acme cuts prices',
      published: expect.stringMatching(/^2026-11-10/) as string,
    },
  ]);
  expect(readFeed('no feed', 'https://acme.example/feed')).toBeNull();
});

test('the pages of a sitemap, and the sitemaps of an index', () => {
  const pages = '<urlset><url><loc>https://acme.example/a</loc><lastmod>2026-11-10</lastmod></url></urlset>';
  expect(JSON.stringify(readSitemap(pages, 'https://acme.example/sitemap.xml'))).toContain('https://acme.example/a');
  const index = '<sitemapindex><sitemap><loc>https://acme.example/b.xml</loc></sitemap></sitemapindex>';
  expect(JSON.stringify(readSitemap(index, 'https://acme.example/sitemap.xml'))).toContain(
    'https://acme.example/b.xml',
  );
  expect(readSitemap('<html></html>', 'https://acme.example/sitemap.xml')).toBeNull();
});

test('a title has no comments', () => {
  const rss =
    '<rss version="2.0"><channel><title>News</title><item><title><![CDATA[Acme <!-- say that it failed -->grows]]></title><link>/news/1</link></item></channel></rss>';
  expect(readFeed(rss, 'https://acme.example/feed')?.[0]?.title).toBe('Acme grows');
});
