import { EXPANSION } from './expansion.ts';
import { fits, type Frame, type Kind } from './frame.ts';
import { MONEY } from './money.ts';
import { isNoNews } from './no-news.ts';
import { OFFERS } from './offers.ts';
import { PEOPLE_MOVES } from './people.ts';
import { TROUBLE } from './trouble.ts';

/** If two kinds fit equally well, the first one counts. */
const FRAMES: readonly Frame[] = [...TROUBLE, ...PEOPLE_MOVES, ...MONEY, ...OFFERS, ...EXPANSION];

/** How well each kind of fact fits a sentence, from 1 to 3. */
export type Fit = ReadonlyMap<Kind, number>;

const NONE: Fit = new Map();
const MIN_CHARS = 20;
const MAX_CHARS = 700;

/** Quotations of people: what they say is seldom the news. Names in quotation marks are short. */
const QUOTATION = /[“"][^“”"]{40,}[”"]/g;

/** What is left of a sentence that only quotes. */
const ATTRIBUTION = /^(?:“…”[ ,]*)?(?:said|says|told|adds?|added|explain(?:s|ed)|comment(?:s|ed))\b.{0,120}$/i;

export function fitOf(sentence: string): Fit {
  if (sentence.length < MIN_CHARS || sentence.length > MAX_CHARS || isNoNews(sentence)) return NONE;
  const own = sentence.replaceAll(QUOTATION, '“…”');
  return own !== sentence && ATTRIBUTION.test(own) ? NONE : kindsIn(own);
}

/** Of a headline, which may be short. */
export function kindsIn(text: string): Fit {
  const fit = new Map<Kind, number>();
  for (const frame of FRAMES) {
    if ((fit.get(frame.kind) ?? 0) < frame.weight && fits(frame, text)) fit.set(frame.kind, frame.weight);
  }
  return fit;
}
