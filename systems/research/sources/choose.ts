import { hostOf } from '#core/callbacks/url.ts';
import { siteOf } from '#core/web/site.ts';

/** A page that may be worth fetching. */
export interface Candidate {
  readonly url: string;
  /** What a link to it says. */
  readonly text?: string;
  readonly title?: string;
  /** When a feed or a sitemap dates it. */
  readonly dated?: string;
}

const NEWS =
  /(^|\/)(news(room)?|press(-?room|-?releases?)?|media(-cent(er|re))?|blog|announcements?|stories|updates|articles?|aktuelles|presse)(\/|$|\.|-)/i;
const PRICING = /(^|\/)(pricing|prices?|price-list|plans?(-and-pricing)?|tarif\w*|preise?)(\/|$|\.)/i;
/** Where prices are if no page is named after them. */
const SHOP = /(^|\/)(shop|store|packages|rates|fees)(\/|$|\.)/i;
const JOBS =
  /(^|\/)(jobs?|careers?|join(-us)?|work-(with|for)-us|hiring|vacancies|open-(roles|positions)|karriere|stellen\w*)(\/|$|\.)/i;
const FEED = /(^|\/)(rss|feeds?|atom)(\.xml|\.json)?\/?$/i;
const NO_PAGE = /\.(pdf|jpe?g|png|gif|webp|svg|zip|mp[34]|docx?|xlsx?|pptx?|ics|css|js|json|xml)$/i;

const pathOf = (url: string): string => new URL(url).pathname;
const depthOf = (url: string): number => pathOf(url).split('/').filter(Boolean).length;
const isNamed = (pattern: RegExp, { url, text = '' }: Candidate): boolean =>
  pattern.test(pathOf(url)) || (text.length < 40 && pattern.test(`/${text.trim().replaceAll(/\s+/g, '-')}/`));

export const isSameSite = (url: string, site: string): boolean =>
  siteOf(hostOf(new URL(url))) === siteOf(hostOf(new URL(site)));

/** The page of a kind that is nearest to the site's root. */
function best(pattern: RegExp, candidates: readonly Candidate[]): string | undefined {
  const found = candidates.filter((candidate) => !NO_PAGE.test(pathOf(candidate.url)) && isNamed(pattern, candidate));
  return found.toSorted((a, b) => depthOf(a.url) - depthOf(b.url) || a.url.length - b.url.length)[0]?.url;
}

export const pricingPage = (candidates: readonly Candidate[]): string | undefined =>
  best(PRICING, candidates) ?? best(SHOP, candidates);
export const jobsPage = (candidates: readonly Candidate[]): string | undefined => best(JOBS, candidates);
export const newsPage = (candidates: readonly Candidate[]): string | undefined => best(NEWS, candidates);

export const feedLinks = (candidates: readonly Candidate[]): string[] =>
  candidates.map(({ url }) => url).filter((url) => FEED.test(pathOf(url)));

/** Whether a page is one story among the news, not their list. */
export const isStory = ({ url }: Candidate): boolean =>
  NEWS.test(pathOf(url)) && depthOf(url) > 1 && !NO_PAGE.test(pathOf(url)) && !FEED.test(pathOf(url));

const DAY_MS = 86_400_000;
/** Older news was read on an earlier night, or is none. */
const MAX_AGE_DAYS = 30;

/** Stories of the last 30 days, the newest first, then those without a date in the order of the site. Dates to come count as none. */
export function newestStories(stories: readonly Candidate[], night: string): Candidate[] {
  const until = Date.parse(night) + 2 * DAY_MS;
  const since = Date.parse(night) - MAX_AGE_DAYS * DAY_MS;
  const byUrl = new Map<string, Candidate & { readonly at: number }>();
  for (const story of stories) {
    const at = Date.parse(story.dated ?? '');
    const known = byUrl.get(story.url);
    // The feed comes first, and dates a story better than a sitemap does.
    if (known === undefined || (Number.isNaN(known.at) && !Number.isNaN(at)))
      byUrl.set(story.url, { ...known, ...story, at });
  }
  const usable = [...byUrl.values()].map((story) => (story.at > until ? { ...story, at: Number.NaN } : story));
  const dated = usable.filter(({ at }) => at >= since).toSorted((a, b) => b.at - a.at);
  return [...dated, ...usable.filter(({ at }) => Number.isNaN(at))];
}

/** A story that is a week old is not asked for again. */
const SETTLED_MS = 7 * DAY_MS;
export const isSettled = (dated: string | undefined, night: string): boolean =>
  Date.parse(dated ?? '') < Date.parse(night) - SETTLED_MS;
