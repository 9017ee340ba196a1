import { fill, say, type Slots } from '../prose/fill.ts';
import type { Note, Prose } from '../prose/types.ts';
import { Choices, shortHash } from '../random.ts';
import { longDate } from '../world/calendar.ts';
import type { EventFacts, Happening } from '../world/events.ts';
import { eventSlots } from './slots.ts';

/** A paragraph of a page. Its id is the `id` of the element. */
export interface Paragraph {
  readonly id: string;
  readonly text: string;
}

export interface Story {
  readonly title: string;
  readonly paragraphs: readonly Paragraph[];
  /** The sentence that tells the event, as it stands in the first paragraph. */
  readonly sentence: string;
  /** The sentence that names the rival, as it stands in one of the paragraphs. */
  readonly rivalSentence: string | undefined;
}

export type Voice = 'release' | 'wire' | 'filing';

export interface Writing {
  readonly happening: Happening;
  readonly prose: Prose;
  readonly seed: number;
  readonly voice: Voice;
  /** Stories with the same key are the same words. */
  readonly key: string;
  /** In place of the event's own, for a source that is wrong. */
  readonly facts?: EventFacts;
}

/** Writes the story of an event. */
export function write({ happening, prose, seed, voice, key, facts }: Writing): Story {
  const choices = new Choices(`${seed}/${happening.id}/${key}`);
  const slots = eventSlots(happening, choices, facts);
  const kind = prose.kinds[happening.kind];
  const title = say(voice === 'wire' ? kind.newsHeadlines : kind.headlines, slots, choices);
  const sentence = say(kind[voice], slots, choices);
  const details = choices.sample(kind.details, 2).map((detail) => fill(detail, slots));
  const rivalSentence = slots['rival'] === undefined ? undefined : say(prose.rivals, slots, choices);
  const [opening = '', ...rest] = details;
  const first = choices.chance(0.5) ? [sentence, opening] : [sentence];
  const second = first.length === 1 ? [opening, ...rest] : rest;
  const texts = [
    `${dateline(happening, voice, choices)}${first.join(' ')}`,
    [...(rivalSentence === undefined ? [] : [rivalSentence]), ...second].join(' '),
    say(prose.quotes, slots, choices),
    ...choices.sample(prose.background, choices.between(1, 2)).map((each) => fill(each, slots)),
    ...(voice === 'release' ? [say(prose.about, slots, choices)] : []),
  ].filter((each) => each !== '');
  return { title, paragraphs: numbered(texts, `${seed}/${happening.id}/${key}`), sentence, rivalSentence };
}

/** Writes a text that tells no event. */
export function writeNote(note: Note, slots: Slots, key: string): Story {
  const texts = note.paragraphs.map((each) => fill(each, slots));
  const title = fill(note.title, slots);
  return { title, paragraphs: numbered(texts, key), sentence: texts[0] ?? '', rivalSentence: undefined };
}

export const numbered = (texts: readonly string[], key: string): Paragraph[] =>
  texts.map((text, index) => ({ id: `p-${shortHash(`${key}/${index}`)}`, text }));

function dateline({ company, at }: Happening, voice: Voice, choices: Choices): string {
  if (voice === 'filing') return '';
  const city = voice === 'wire' ? choices.pick(['NEW YORK', 'LONDON', company.city.toUpperCase()]) : company.city;
  return choices.pick([
    '',
    `${city}, ${longDate(at)} — `,
    `${city} (${voice === 'wire' ? 'Newsline' : longDate(at)}) – `,
  ]);
}
