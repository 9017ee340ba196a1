import { failure, json, type Answer, type Asked } from '../http/answer.ts';
import { articlesOf } from '../stories/articles.ts';
import { newsAbout } from '../stories/news.ts';
import { longDate } from '../world/calendar.ts';
import type { Company } from '../world/companies.ts';
import type { World } from '../world/world.ts';
import { urlOf } from './news-site.ts';

interface Found {
  readonly url: string;
  readonly title: string;
  /** As in the results of Claude's web search: `November 2, 2026`, or null. */
  readonly page_age: string | null;
  readonly score: number;
}

const wordsOf = (text: string): string[] =>
  text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu) ?? [];

/** Words that say nothing about which company is meant. */
const COMMON = new Set([
  'the',
  'of',
  'and',
  'inc',
  'corporation',
  'company',
  'group',
  'news',
  'about',
  'in',
  'for',
  'a',
  'on',
]);

/** Answers for `search.test`: `/search?q=WORDS&count=10`. */
export function serveSearch(world: World, { path, query }: Asked): Answer {
  if (path !== '/search') return failure(404, 'Page not found');
  const q = query.get('q')?.trim() ?? '';
  if (q === '') return failure(400, 'The parameter q is missing');
  const count = Math.min(50, Math.max(1, Math.trunc(Number(query.get('count') ?? 10)) || 10));
  const words = wordsOf(q).filter((word) => !COMMON.has(word));
  const results = companiesFor(world, words)
    .flatMap(({ company, score }) => pagesAbout(world, company, words, score))
    .sort((one, other) => other.score - one.score || (one.url < other.url ? -1 : 1))
    .slice(0, count)
    .map(({ url, title, page_age }) => ({ url, title, page_age }));
  return json({ query: q, results });
}

/** The companies whose name or symbol the words have, by how much of it they have. */
function companiesFor(world: World, words: readonly string[]): { company: Company; score: number }[] {
  const asked = new Set(words);
  return world.companies
    .map((company) => {
      const { name } = world.history(company).state(world.night);
      const known = [...new Set([...wordsOf(company.name), ...wordsOf(name)])].filter((word) => !COMMON.has(word));
      const share = known.length === 0 ? 0 : known.filter((word) => asked.has(word)).length / known.length;
      const score = asked.has(company.ticker.toLowerCase()) ? Math.max(share, 0.9) : share;
      return { company, score };
    })
    .filter(({ score }) => score >= 0.5)
    .sort((one, other) => other.score - one.score)
    .slice(0, 5);
}

function pagesAbout(world: World, company: Company, words: readonly string[], score: number): Found[] {
  const scored = (url: string, title: string, published: Date | null): Found => {
    const matching = wordsOf(title).filter((word) => words.includes(word)).length;
    const days =
      published === null ? 30 : (world.calendar.endOf(world.night).getTime() - published.getTime()) / 86_400_000;
    const page_age = published === null ? null : longDate(published);
    return { url, title, page_age, score: score * 10 + matching - Math.min(9, Math.abs(days) / 20) };
  };
  const articles = articlesOf(world, company).map(({ path, story, published }) =>
    scored(`http://${company.host}${path}`, story.title, published),
  );
  const news = newsAbout(world, company).map((each) => scored(urlOf(each), each.story.title, each.published));
  return [scored(company.site, company.name, null), ...articles, ...news];
}
