import { isInjection, FAULTS, type FaultName } from '../faults/names.ts';
import type { Note } from '../prose/types.ts';
import { Choices, shortHash } from '../random.ts';
import { slugOf, type Company } from '../world/companies.ts';
import type { Happening } from '../world/events.ts';
import type { World } from '../world/world.ts';
import { channelsOf } from './channels.ts';
import { companySlots } from './slots.ts';
import { write, writeNote, type Story } from './story.ts';

/** An article in the news list of a company's site. */
export interface Article {
  readonly path: string;
  readonly published: Date;
  /** The night that can first find it. */
  readonly night: number;
  readonly story: Story;
  readonly happening?: Happening;
  readonly note?: Note;
  /** The page misbehaves like this when it is fetched. */
  readonly pageFault?: FaultName;
}

const slug = (title: string, key: string): string => `${slugOf(title, 60)}-${shortHash(key).slice(0, 5)}`;

/** The articles of a company's site on a night, newest first. */
export const articlesOf = (world: World, company: Company, night = world.night): readonly Article[] =>
  world.remember(`articles/${company.id}/${night}`, () => writeArticles(world, company, night));

function writeArticles(world: World, company: Company, night: number): Article[] {
  const history = world.history(company, night);
  const told = history.until(night).filter((each) => channelsOf(world.options.seed, each).site);
  const articles = [
    ...told.map((each) => eventArticle(world, each)),
    ...notesOf(world, company, night),
    ...datedFaults(world, company),
    ...pageFaults(world, company),
  ];
  return articles.sort((one, other) => rankOf(other) - rankOf(one) || (one.path < other.path ? -1 : 1));
}

/** A site with a fault of dates shows that article first, like a post that is pinned. */
const rankOf = ({ published, path }: Article): number =>
  path.includes('/pinned-') ? Number.MAX_SAFE_INTEGER : published.getTime();

export function eventArticle(world: World, happening: Happening): Article {
  const { seed } = world.options;
  const story = write({ happening, prose: world.prose, seed, voice: 'release', key: 'site' });
  const path = `${world.styleOf(happening.company.host).news}/${slug(story.title, happening.id)}`;
  const published = new Date(happening.at.getTime() + 45 * 60_000);
  return { path, published, night: happening.night, story, happening };
}

/** Articles that tell no event: some of them in the history, some in nights in which something else happens too. */
function notesOf(world: World, company: Company, night: number): Article[] {
  const choices = new Choices(`${world.options.seed}/${company.id}/notes`);
  const past = choices.sample(world.prose.notes, choices.between(1, 3));
  const traps = choices.chance(0.3) ? [choices.pick(world.prose.traps)] : [];
  const articles = [...past, ...traps].map((note) => noteArticle(world, company, note, -choices.between(3, 200), 0));
  const history = world.history(company, night);
  for (let each = 1; each <= night; each += 1) {
    if (history.newIn(each).length === 0 || !new Choices(`${company.id}/note/${each}`).chance(0.3)) continue;
    const note = new Choices(`${world.options.seed}/${company.id}/note/${each}`).pick([
      ...world.prose.notes,
      ...world.prose.traps,
    ]);
    articles.push(noteArticle(world, company, note, each, each));
  }
  return articles;
}

function noteArticle(world: World, company: Company, note: Note, day: number, night: number): Article {
  const key = `${world.options.seed}/${company.id}/note/${day}/${note.title}`;
  const choices = new Choices(key);
  const story = writeNote(note, companySlots(company, world.history(company, night).state(night), choices), key);
  const published = world.calendar.at(day, choices.between(8 * 60, 15 * 60));
  return { path: `${world.styleOf(company.host).news}/${slug(story.title, key)}`, published, night, story, note };
}

/** The faults of dates: an article of next year or of ten years ago at the top of the list. */
function datedFaults(world: World, company: Company): Article[] {
  return (['future-date', 'old-date'] as const)
    .filter((fault) => world.has(company.host, fault))
    .map((fault) => {
      const days = fault === 'future-date' ? 400 : -3_655;
      const note = world.prose.dated[fault];
      const article = noteArticle(world, company, note, days, 0);
      return { ...article, path: article.path.replace(/\/([^/]*)$/, '/pinned-$1') };
    });
}

/** Pages that misbehave stand in the list like any other. */
function pageFaults(world: World, company: Company): Article[] {
  return world
    .faultsOf(company.host)
    .filter((fault) => FAULTS[fault].kind === 'page')
    .map((fault) => {
      const article = noteArticle(world, company, world.prose.gallery, -2, 0);
      return { ...article, path: `${article.path}-${shortHash(fault).slice(0, 3)}`, pageFault: fault };
    });
}

/** The article that carries the injections of a site: the oldest, so that it stays the same. */
export function injectedArticle(world: World, company: Company): Article | undefined {
  if (!world.faultsOf(company.host).some(isInjection)) return undefined;
  const articles = articlesOf(world, company, 0).filter(({ pageFault }) => pageFault === undefined);
  return articles.find(({ happening }) => happening !== undefined) ?? articles[0];
}
