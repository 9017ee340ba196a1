import { fitOf, kindsIn, type Fit } from './kinds/classify.ts';
import { directionOf } from './kinds/direction.ts';
import type { Kind } from './kinds/frame.ts';
import { isNoStory, takesBack } from './kinds/no-news.ts';
import { isOfOthers } from './kinds/subject.ts';
import { sentencesOf, type ReadSource } from './read-request.ts';

export interface Fact {
  /** In the words of the request's schema. */
  readonly kind: string;
  readonly sentence: string;
}

/** What a sentence must reach: where a story tells its news, and further down. */
const ENOUGH = 2;
const SURE = 3;

interface Candidate {
  readonly kind: Kind;
  readonly score: number;
  readonly sentence: string;
  readonly isLead: boolean;
}

/** The facts of a source. A story tells one of a kind, and tells it first: what follows explains it. */
export function factsOf(company: string, source: ReadSource): Fact[] {
  if (isNoStory(source.title)) return [];
  const found = candidatesOf(company, source);
  return source.kind === 'pricing' || source.kind === 'jobs' ? standing(found) : told(found);
}

/** Pages of prices and jobs have a fact in each paragraph. What has no figure is a standing text. */
function standing(found: readonly Candidate[]): Fact[] {
  return found
    .filter(({ kind, score, sentence }) => score >= ENOUGH && isStanding(kind) && /\d/.test(sentence))
    .flatMap(factOf);
}

const isStanding = (kind: Kind): boolean => kind === 'price-change' || kind === 'hiring';

function told(all: readonly Candidate[]): Fact[] {
  // A headline in a list tells less than its story.
  const found = all.filter(({ sentence }) => /[.!][”"’')]*$/.test(sentence));
  const lead = best(found.filter(({ isLead, score }) => isLead && score >= ENOUGH));
  const news = lead ?? found.find(({ score }) => score >= SURE);
  return news === undefined ? [] : factOf(news);
}

/** The highest score, and among equals the first. */
const best = (candidates: readonly Candidate[]): Candidate | undefined =>
  candidates.reduce<Candidate | undefined>(
    (top, each) => (top === undefined || each.score > top.score ? each : top),
    undefined,
  );

function factOf({ kind, sentence }: Candidate): Fact[] {
  if (kind !== 'price-change') return [{ kind, sentence }];
  const direction = directionOf(sentence);
  return direction === null ? [] : [{ kind: direction, sentence }];
}

function candidatesOf(company: string, { kind: page, title, paragraphs }: ReadSource): Candidate[] {
  const headline = headlineOf(page, title);
  return paragraphs.flatMap((paragraph, index) => {
    const sentences = sentencesOf(paragraph);
    return sentences.flatMap((first, at) => {
      // Some facts need two sentences, such as a price now and one before.
      const next = sentences[at + 1];
      const alone = fitOf(first);
      const both = next === undefined || (alone.size > 0 && topOf(alone) >= SURE) ? first : `${first} ${next}`;
      const pair = both === first ? alone : fitOf(both);
      const sentence = topOf(pair) > topOf(alone) ? both : first;
      if (isOfOthers(sentence, company) || (next !== undefined && takesBack(next))) return [];
      const isLead = index < 2 && at < 2;
      return [...(sentence === first ? alone : pair)].map(([kind, weight]) => ({
        kind,
        score: weight + (headline.get(kind) ?? 0) / 2,
        sentence,
        isLead,
      }));
    });
  });
}

const topOf = (fit: Fit): number => Math.max(0, ...fit.values());

/** What the items of a current report are about, as its title says. */
const ITEMS: readonly (readonly [RegExp, Kind])[] = [
  [/officers or directors/, 'leadership'],
  [/\bresults\b/, 'results'],
  [/restructuring/, 'layoffs'],
  [/cybersecurity/, 'outage'],
  [/acquisition or sale/, 'deal'],
  [/material agreement/, 'deal'],
  [/material agreement/, 'funding'],
];

function headlineOf(page: string, title: string): Fit {
  if (page === 'pricing') return new Map([['price-change', 3]]);
  if (page === 'jobs') return new Map([['hiring', 3]]);
  if (page === 'filing') return new Map(ITEMS.flatMap(([item, kind]) => (item.test(title) ? [[kind, 2]] : [])));
  return kindsIn(title);
}
