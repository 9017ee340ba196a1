import { britishDate, isoDate, longDate } from '../world/calendar.ts';
import type { Style } from '../world/style.ts';
import { escape, jsonLd, type Html } from './html.ts';

/** What a layout is given: the page, and what stands around it on every page of the site. */
export interface Page {
  readonly title: string;
  readonly siteName: string;
  readonly url: string;
  readonly navigation: readonly { readonly href: string; readonly text: string }[];
  readonly cookies: string;
  readonly feed?: string;
  readonly main: Html;
  readonly description?: string;
  /** Of an article. */
  readonly published?: Date;
  /** How the page says its date. @default as text only */
  readonly dates?: Style['dates'];
  /** Goes into the head as it is. */
  readonly head?: Html;
}

export type Layout = (page: Page) => Html;

/** What a page says of its date to machines, by the habit of the site. */
export function dateMarkup({ published, dates = 'text', title, url, siteName, description }: Page): {
  head: Html;
  visible: Html;
} {
  if (published === undefined) return { head: '', visible: '' };
  const at = published.toISOString();
  switch (dates) {
    case 'json-ld':
      return {
        head: jsonLd({
          '@context': 'https://schema.org',
          '@type': 'NewsArticle',
          headline: title,
          description,
          datePublished: at,
          dateModified: at,
          mainEntityOfPage: url,
          publisher: { '@type': 'Organization', name: siteName },
        }),
        visible: '',
      };
    case 'meta':
      return {
        head: `<meta property="article:published_time" content="${at}">`,
        visible: `<p class="date">${britishDate(published)}</p>`,
      };
    case 'time':
      return { head: '', visible: `<time datetime="${isoDate(published)}">${longDate(published)}</time>` };
    case 'text':
      return { head: '', visible: `<div class="posted">Posted ${longDate(published)}</div>` };
  }
}

export const headOf = (page: Page, extra: Html): Html =>
  [
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escape(page.title)}</title>`,
    page.description === undefined ? '' : `<meta name="description" content="${escape(page.description)}">`,
    `<link rel="canonical" href="${escape(page.url)}">`,
    page.feed === undefined ? '' : `<link rel="alternate" type="application/rss+xml" href="${escape(page.feed)}">`,
    '<meta name="generator" content="simulated-web">',
    extra,
    page.head ?? '',
  ]
    .filter((each) => each !== '')
    .join('\n');
