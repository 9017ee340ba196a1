import { givesOrders } from './quote.ts';
import type { ReadEvent } from './read-signals.ts';

/** Words of a text, by the classes that they speak for. The first class that a request allows is chosen. */
const WORDS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/\bbankruptcy\b|\bchapter 11\b|\b1\.03\b/i, ['bankruptcy', 'very-negative', 'company-news', 'event-driven']],
  [/\bcyber|\bransomware\b|\bunauthori[sz]ed access\b|\b1\.05\b/i, ['cybersecurity', 'very-negative', 'company-news']],
  [/\bdelist|\blisting (?:rule|standard)\b|\b3\.01\b/i, ['delisting', 'very-negative', 'company-news']],
  [/\bnon-reliance\b|\brestat|\b4\.02\b/i, ['restatement', 'very-negative', 'company-news']],
  [/\bresign|\bsteps? down\b|\bappoint|\b5\.02\b/i, ['leadership', 'negative', 'company-news']],
  [/\bdowngrad|\bcuts? (?:its )?rating\b/i, ['downgrade', 'negative', 'company-news']],
  [/\bupgrad|\braises? (?:its )?rating\b/i, ['upgrade', 'positive', 'company-news']],
  [
    /\bmiss(?:es|ed)?\b|\bbelow expect|\bcuts? (?:its )?(?:guidance|forecast)\b/i,
    ['miss', 'negative', 'below-expectation'],
  ],
  [/\bbeats?\b|\babove expect|\braises? (?:its )?(?:guidance|forecast)\b/i, ['beat', 'positive', 'above-expectation']],
  [/\b(?:lawsuit|probe|recalls?|fraud|plunges?|warns?|loss(?:es)?)\b/i, ['negative', 'company-news', 'event-driven']],
  [/\b(?:wins?|record|launch(?:es)?|approv\w+|partnership|surges?)\b/i, ['positive', 'company-news', 'event-driven']],
  [/\bresults\b|\bquarter\b|\b2\.02\b/i, ['results', 'event-driven', 'neutral']],
  [/\bagreement\b|\bmerger\b|\b1\.01\b/i, ['agreement', 'event-driven', 'positive']],
  [/\bsector\b|\bindustry\b/i, ['sector-move', 'sector-wide']],
  [/\bmarket\b|\bindex\b/i, ['market-move']],
];

interface Chosen {
  readonly name: string;
  readonly confidence: number;
}

/** Chooses a class by what texts and items say. Null: they speak for none. */
export function classByWords(classes: readonly string[], events: readonly ReadEvent[]): Chosen | null {
  const read = events.filter((event) => !givesOrders(event));
  const words = read.map(({ measured, text }) => `${text === '' ? '' : measured}\n${text}`).join('\n');
  for (const [pattern, speaksFor] of WORDS) {
    const name = speaksFor.find((each) => classes.includes(each));
    if (name !== undefined && pattern.test(words)) return { name, confidence: read.length < events.length ? 0.5 : 0.8 };
  }
  return null;
}
