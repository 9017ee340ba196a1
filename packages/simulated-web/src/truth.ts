import type { TrapKind } from './prose/types.ts';
import { articlesOf, eventArticle } from './stories/articles.ts';
import { channelsOf } from './stories/channels.ts';
import { eventFiling, filingStory } from './stories/filings.ts';
import { newsAbout, newsOf } from './stories/news.ts';
import type { Paragraph, Story } from './stories/story.ts';
import { jobsNote, openHiring } from './pages/jobs.ts';
import { priceChanges, priceNote } from './pages/prices.ts';
import { isoDate } from './world/calendar.ts';
import type { EventFacts, Happening } from './world/events.ts';
import type { EventKind } from './world/kinds.ts';
import type { World } from './world/world.ts';

/** Where an event is told. */
export interface Telling {
  readonly via: 'site' | 'pricing' | 'jobs' | 'filing' | 'news';
  readonly host: string;
  readonly url: string;
  /** ISO 8601, UTC. */
  readonly published: string;
  /** The `id` of the element in which the sentence stands. */
  readonly paragraph: string;
  /** The sentence that tells it, as plain text. */
  readonly sentence: string;
  /** The sentence that names the rival, when there is one. */
  readonly rivalSentence?: string;
  /** Whether a polite program can read it. A faulty host can be why not. */
  readonly readable: boolean;
}

/** Something that really happened in the simulation. */
export interface TruthEvent {
  readonly id: string;
  /** The id of the company. */
  readonly company: string;
  readonly kind: EventKind;
  /** The night that can first find it; 0 for the history. */
  readonly night: number;
  /** YYYY-MM-DD, UTC. */
  readonly date: string;
  /** 1 to 5. */
  readonly magnitude: number;
  readonly facts: EventFacts;
  /** The ids of the companies that it hits. */
  readonly rivals: readonly string[];
  readonly told: readonly Telling[];
  /** Where it is told with a number that is wrong. */
  readonly contradictedBy: readonly Telling[];
  /** Whether it is told, and told right, on a page that a polite program can read. */
  readonly findable: boolean;
}

/** A page that looks like an event to a careless reader. */
export interface TrapPage {
  readonly company: string;
  readonly trap: TrapKind;
  readonly url: string;
  readonly sentence: string;
}

/** The events that are new in a night, each with all places that tell it by that night. */
export function truthOf(world: World, night: number): TruthEvent[] {
  return world.companies
    .flatMap((company) => world.history(company, night).newIn(night))
    .map((happening) => eventOf(world, happening, night))
    .sort((one, other) => (one.id < other.id ? -1 : 1));
}

function eventOf(world: World, happening: Happening, night: number): TruthEvent {
  const { id, company, kind, at, magnitude, facts, rivals } = happening;
  const [told, contradictedBy] = tellingsOf(world, happening, night);
  return {
    id,
    company: company.id,
    kind,
    night: happening.night,
    date: isoDate(at),
    magnitude,
    facts,
    rivals: rivals.map((rival) => rival.id),
    told,
    contradictedBy,
    findable: told.some(({ readable }) => readable),
  };
}

function tellingsOf(world: World, happening: Happening, night: number): [told: Telling[], wrong: Telling[]] {
  const { company, at } = happening;
  const { site, filing } = channelsOf(world.options.seed, happening);
  const style = world.styleOf(company.host);
  const told: Telling[] = [];
  const wrong: Telling[] = [];
  const add = (
    list: Telling[],
    where: Pick<Telling, 'via' | 'host'> & { path: string },
    published: Date,
    said: Said,
  ): void => {
    const { via, host, path } = where;
    const onWall = world.has(host, 'login-wall') && (via === 'pricing' || via === 'jobs');
    const readable = onWall || world.isReadable(host, night);
    list.push({ via, host, url: `http://${host}${path}`, published: published.toISOString(), ...said, readable });
  };
  if (site) {
    const article = eventArticle(world, happening);
    add(told, { via: 'site', host: company.host, path: article.path }, article.published, saidBy(article.story));
  }
  if (filing) {
    const { path, filed } = eventFiling(world, happening);
    const { paragraphs, sentence } = filingStory(world, happening);
    const said = { paragraph: paragraphs[0]?.id ?? '', sentence };
    add(told, { via: 'filing', host: 'www.sec.test', path }, filed, said);
  }
  if ([...priceChanges(world, company, night).values()].some(({ id }) => id === happening.id)) {
    const said = saidIn(priceNote(world, happening));
    add(told, { via: 'pricing', host: company.host, path: style.pricing }, at, said);
  }
  if (openHiring(world, company, night)?.id === happening.id) {
    add(told, { via: 'jobs', host: company.host, path: style.jobs }, at, saidIn(jobsNote(world, happening)));
  }
  for (const { host, path, published, story, wrong: isWrong } of newsOf(world, happening)) {
    add(isWrong ? wrong : told, { via: 'news', host, path }, published, saidBy(story));
  }
  return [told, wrong];
}

type Said = Pick<Telling, 'paragraph' | 'sentence' | 'rivalSentence'>;

const saidIn = ({ id, text }: Paragraph): Said => ({ paragraph: id, sentence: text });

const saidBy = ({ paragraphs, sentence, rivalSentence }: Story): Said => ({
  paragraph: paragraphs[0]?.id ?? '',
  sentence,
  ...(rivalSentence === undefined ? {} : { rivalSentence }),
});

/** The pages of a night that look like events and are none. */
export function trapsOf(world: World, night: number): TrapPage[] {
  return world.companies.flatMap((company) => {
    const onSite = articlesOf(world, company, night).map(({ path, story, note }) => ({
      url: `http://${company.host}${path}`,
      story,
      note,
    }));
    const inNews = newsAbout(world, company, night).map(({ host, path, story, note }) => ({
      url: `http://${host}${path}`,
      story,
      note,
    }));
    return [...onSite, ...inNews].flatMap(({ url, story, note }) => {
      const trap = note?.trap;
      const sentence = story.paragraphs[note?.at ?? 0]?.text ?? '';
      return trap === undefined ? [] : [{ company: company.id, trap, url, sentence }];
    });
  });
}
