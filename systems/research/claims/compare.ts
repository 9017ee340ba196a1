import type { Claim } from './claim.ts';
import { type Figures, figuresOf, sharesFigure } from './figures.ts';
import { numbersIn, plain } from './quotes.ts';
import { wordsOf } from './stories.ts';

/** What makes two claims comparable. */
export type Comparable = Pick<Claim, 'kind' | 'quote' | 'date' | 'undated'>;

/** Compares claims of one company. */
export interface Comparison {
  /** Whether two claims report one fact. Claims that contradict each other do not. */
  isSameFact(a: Comparable, b: Comparable): boolean;
  /** Whether two claims of one time give other figures for one thing. */
  contradicts(a: Comparable, b: Comparable): boolean;
  /** Whether a claim has another figure, at a later time, for what an earlier one said. */
  supersedes(later: Comparable, earlier: Comparable): boolean;
}

const DAY_MS = 86_400_000;
/** Reports of one event carry dates that are at most this far apart. */
const MAX_DAYS_APART = 3;
/** Share of the words of the shorter one that both have. */
const SAME_WORDS = 0.5;
const SAME_TOPIC = 0.34;

/** Words that say nothing of the topic, and names that are in reports of anything. */
const COMMON = new Set(
  `the and for with from that this its has have had will was were been are their they our your said says announces announced
announcement today company inc corp corporation ltd llc plc group holdings new now per into than which also more about after
over under month year years january february march april may june july august september october november december monday
tuesday wednesday thursday friday saturday sunday`.split(/\s/),
);

/** @param company its name, whose words are in every claim and tell nothing */
export function comparisonFor(company: string): Comparison {
  const own = new Set(wordsOf(company));
  const tellingOf = ({ quote }: Comparable): Telling => ({
    figures: figuresOf(quote),
    words: new Set(wordsOf(quote).filter((word) => isTelling(word) && !own.has(word))),
    names: new Set(namesOf(quote).filter((word) => isTelling(word) && !own.has(word))),
  });
  /** A standing page tells what a report tells if the figures are the same, or a number and a name, such as a place. */
  const isToldAlike = (a: Comparable, b: Comparable): boolean => {
    const [one, other] = [tellingOf(a), tellingOf(b)];
    if (sharesFigure(one.figures, other.figures)) return true;
    return sharesNumber(a.quote, b.quote) && share(one.names, other.names) > 0;
  };
  const contradicts = (a: Comparable, b: Comparable): boolean => {
    // A page without a date may be about another time.
    if (a.undated === true || b.undated === true) return false;
    if (a.kind !== b.kind || !isCloseInTime(a, b)) return false;
    const [one, other] = [tellingOf(a), tellingOf(b)];
    return (
      differ(one.figures, other.figures) &&
      (share(one.names, other.names) > 0 || share(one.words, other.words) >= SAME_TOPIC)
    );
  };
  return {
    contradicts,
    isSameFact(a, b) {
      if (a.kind !== b.kind) return false;
      if (!isCloseInTime(a, b)) return isPerhapsOneTime(a, b) && isToldAlike(a, b);
      if (plain(a.quote) === plain(b.quote)) return true;
      if (contradicts(a, b)) return false;
      const [one, other] = [tellingOf(a), tellingOf(b)];
      const isOne = sharesFigure(one.figures, other.figures) || share(one.names, other.names) > 0;
      return isOne || share(one.words, other.words) >= SAME_WORDS;
    },
    supersedes(later, earlier) {
      if (later.kind !== earlier.kind || later.date <= earlier.date) return false;
      const [now, before] = [tellingOf(later), tellingOf(earlier)];
      return differ(now.figures, before.figures) && share(now.names, before.names) > 0;
    },
  };
}

/** What tells one fact from another. */
interface Telling {
  readonly figures: Figures;
  readonly words: ReadonlySet<string>;
  readonly names: ReadonlySet<string>;
}

const isTelling = (word: string): boolean => word.length > 2 && !COMMON.has(word) && !/^\d+$/.test(word);

/** Capitalised words, but for those at the beginning of a sentence. */
const namesOf = (quote: string): string[] =>
  wordsOf((plain(quote).match(/(?<=[\p{L}\p{N},;:)"'-] |^\p{L}+ |["'(])\p{Lu}[\p{L}\p{N}]+/gu) ?? []).join(' '));

/** Whether two quotes have another figure for the same unit: no figure of that unit is in both. */
const differ = (a: Figures, b: Figures): boolean =>
  [...a].some(([unit, values]) => {
    const others = b.get(unit);
    return others !== undefined && ![...values].some((value) => others.has(value));
  });

/** Standing pages, such as those of jobs, do not say since when. */
const MAX_DAYS_UNDATED = 45;
const isPerhapsOneTime = (a: Comparable, b: Comparable): boolean =>
  (a.undated === true || b.undated === true) &&
  Math.abs(Date.parse(a.date) - Date.parse(b.date)) <= MAX_DAYS_UNDATED * DAY_MS;

/** Two words for one unit have no figure in common: 98 places are 98 people. Small numbers and years are in any text. */
function sharesNumber(a: string, b: string): boolean {
  const others = numbersIn(b);
  return [...numbersIn(a)].some((text) => others.has(text) && Number(text) >= 10 && !/^(?:19|20)\d\d$/.test(text));
}

const isCloseInTime = (a: Comparable, b: Comparable): boolean =>
  Math.abs(Date.parse(a.date) - Date.parse(b.date)) <= MAX_DAYS_APART * DAY_MS;

/** The share of the smaller set that is in both. */
function share(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const smaller = Math.min(a.size, b.size);
  return smaller === 0 ? 0 : [...a].filter((word) => b.has(word)).length / smaller;
}

/** Figures of a text that its quote does not have, so that nobody read them there. */
export function inventedFigures(text: string, quote: string): string[] {
  const quoted = numbersIn(quote);
  return [...numbersIn(text)].filter((number) => !quoted.has(number));
}
