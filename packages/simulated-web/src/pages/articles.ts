import { isInjection } from '../faults/names.ts';
import { injectionOf, inject } from '../faults/injections.ts';
import { say } from '../prose/fill.ts';
import { Choices } from '../random.ts';
import { articlesOf, injectedArticle, type Article } from '../stories/articles.ts';
import { companySlots } from '../stories/slots.ts';
import type { Paragraph } from '../stories/story.ts';
import { britishDate } from '../world/calendar.ts';
import type { Company } from '../world/companies.ts';
import type { World } from '../world/world.ts';
import { companyPage, type Content } from './frame.ts';
import { escape, link, type Html } from './html.ts';

/** How many articles the news list shows. All of them are in the sitemap. */
const LISTED = 20;

export const paragraphsOf = (paragraphs: readonly Paragraph[]): Html =>
  paragraphs.map(({ id, text }) => `<p id="${id}">${escape(text)}</p>`).join('\n');

const listOf = (articles: readonly Article[]): Html =>
  `<ul class="articles">${articles
    .map(({ path, story, published }) => `<li><span>${britishDate(published)}</span> ${link(path, story.title)}</li>`)
    .join('\n')}</ul>`;

export function homePage(world: World, company: Company): Html {
  const state = world.history(company).state(world.night);
  const choices = new Choices(`${world.options.seed}/${company.id}/home`);
  const slots = companySlots(company, state, choices);
  const products = state.products.map(({ name, noun }) => `<li>${escape(name)}: ${escape(noun)}</li>`);
  const main = `<h1>${escape(state.name)}</h1>
<p>${escape(say(world.prose.welcome, slots, choices))}</p>
<h2>What we offer</h2><ul>${products.join('\n')}</ul>
<h2>Latest news</h2>
${listOf(articlesOf(world, company).slice(0, 3))}
<p>${escape(say(world.prose.about, slots, choices))}</p>`;
  return companyPage(world, company, { path: '/', title: state.name, main });
}

export function newsList(world: World, company: Company): Html {
  const main = `<h1>News</h1>\n${listOf(articlesOf(world, company).slice(0, LISTED))}`;
  return companyPage(world, company, { path: world.styleOf(company.host).news, title: 'News', main });
}

export function articlePage(world: World, company: Company, article: Article): Html {
  const { path, published, story } = article;
  const main = `<article><h1>${escape(story.title)}</h1>\n${paragraphsOf(story.paragraphs)}</article>`;
  const content = { path, title: story.title, description: story.title, published, main };
  if (injectedArticle(world, company)?.path !== path) return companyPage(world, company, content);
  const kinds = world.faultsOf(company.host).filter(isInjection);
  const injected = kinds.reduce<Content>(
    (page, kind) => inject(page, kind, injectionOf(world, company, kind).text),
    content,
  );
  return companyPage(world, company, { ...injected, path });
}
