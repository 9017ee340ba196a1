import type { Note } from '../prose/types.ts';
import { Choices, shortHash } from '../random.ts';
import { slugOf, type Company } from '../world/companies.ts';
import type { Happening } from '../world/events.ts';
import { NEWS_HOSTS, type World } from '../world/world.ts';
import { channelsOf, wrongFacts } from './channels.ts';
import { companySlots } from './slots.ts';
import { numbered, write, writeNote, type Story } from './story.ts';

/** A story on a news site. */
export interface NewsStory {
  readonly host: string;
  readonly path: string;
  readonly published: Date;
  readonly company: Company;
  readonly story: Story;
  readonly happening?: Happening;
  /** Whether it has a number wrong. */
  readonly wrong: boolean;
  /** In place of an event. */
  readonly note?: Note;
}

/** The stories about a company on all news sites on a night, newest first. */
export const newsAbout = (world: World, company: Company, night = world.night): readonly NewsStory[] =>
  world.remember(`news/${company.id}/${night}`, () => writeNews(world, company, night));

function writeNews(world: World, company: Company, night: number): NewsStory[] {
  const stories = world.happenings(company, night).flatMap((happening) => newsOf(world, happening));
  return [...stories, ...trapsAbout(world, company), ...namesakeNews(world, company)].sort(
    (one, other) => other.published.getTime() - one.published.getTime() || (one.host < other.host ? -1 : 1),
  );
}

/** How an event is told by the news sites. Some print the agency's words, some write their own. */
export function newsOf(world: World, happening: Happening): NewsStory[] {
  const { seed } = world.options;
  const { news, wrong } = channelsOf(seed, happening);
  return news.map((number) => {
    const choices = new Choices(`${seed}/${happening.id}/news/${number}`);
    const isWrong = number === wrong;
    const syndicated = choices.chance(0.6);
    const key = syndicated && !isWrong ? 'wire' : `news-${number}`;
    const facts = isWrong ? wrongFacts(happening.facts) : undefined;
    const story = write({ happening, prose: world.prose, seed, voice: 'wire', key, ...(facts && { facts }) });
    const published = new Date(happening.at.getTime() + choices.between(60, 600) * 60_000);
    const own = syndicated && !isWrong ? asPrinted(story, world, happening, number) : story;
    return {
      host: NEWS_HOSTS[number - 1] ?? '',
      path: pathOf(published, own.title, `${happening.id}/${number}`),
      published,
      company: happening.company,
      story: own,
      happening,
      wrong: isWrong,
    };
  });
}

/** What an editor does with the agency's text: another headline, a shorter end, a credit. */
function asPrinted(story: Story, world: World, happening: Happening, number: number): Story {
  const choices = new Choices(`${world.options.seed}/${happening.id}/printed/${number}`);
  const headline = write({
    happening,
    prose: world.prose,
    seed: world.options.seed,
    voice: 'wire',
    key: `title-${number}`,
  });
  const title = choices.chance(0.5) ? headline.title : story.title;
  const kept = choices.chance(0.4) ? story.paragraphs.slice(0, -1) : story.paragraphs;
  const changed = choices.chance(0.5) ? trim : (text: string): string => text;
  const credit = numbered([choices.pick(CREDITS)], `${happening.id}/credit/${number}`);
  return {
    title,
    paragraphs: [...kept.map(({ id, text }) => ({ id, text: changed(text) })), ...credit],
    sentence: changed(story.sentence),
    rivalSentence: story.rivalSentence === undefined ? undefined : changed(story.rivalSentence),
  };
}

/** Another house style: no “on” before the day, no “that” after “said”. */
const trim = (text: string): string =>
  text.replaceAll(/ on (?=(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)/g, ' ').replaceAll('it said it', 'said it');

const CREDITS = [
  'This story came from the Newsline agency.',
  'Newsline contributed to this report.',
  '(Newsline)',
  'Reporting by Newsline; edited for length.',
];

const pathOf = (published: Date, title: string, key: string): string => {
  const day = published.toISOString().slice(0, 10).replaceAll('-', '/');
  return `/${day}/${slugOf(title, 70)}-${shortHash(key).slice(0, 5)}`;
};

/** Denials, rumours and the like in the history of some companies. */
function trapsAbout(world: World, company: Company): NewsStory[] {
  const key = `${world.options.seed}/${company.id}/trap`;
  const choices = new Choices(key);
  return choices.chance(0.15) ? [noted(world, company, choices.pick(world.prose.traps), key)] : [];
}

/** Stories about a small company that has the same name and another trade. */
const namesakeNews = (world: World, company: Company): NewsStory[] =>
  world.has(company.host, 'namesake')
    ? world.prose.namesake.map((note, index) =>
        noted(world, company, note, `${world.options.seed}/${company.id}/namesake/${index}`),
      )
    : [];

function noted(world: World, company: Company, note: Note, key: string): NewsStory {
  const choices = new Choices(`${key}/noted`);
  const story = writeNote(note, companySlots(company, world.history(company).state(0), choices), key);
  const published = world.calendar.at(-choices.between(1, 60), choices.between(7 * 60, 20 * 60));
  const host = choices.pick(NEWS_HOSTS);
  return { host, path: pathOf(published, story.title, key), published, company, story, note, wrong: false };
}

/** All stories of a news site on a night, newest first. */
export function newsOn(world: World, host: string, night = world.night): NewsStory[] {
  return world.companies
    .flatMap((company) => newsAbout(world, company, night).filter((each) => each.host === host))
    .sort((one, other) => other.published.getTime() - one.published.getTime() || (one.path < other.path ? -1 : 1));
}
