import type { EventKind } from '../world/kinds.ts';

/**
 * The ways to tell one kind of event. Texts have slots such as `{company}`; one is used only when the event has all its
 * slots. The first sentence of a story is a `release`, `wire` or `filing` sentence: it alone tells the whole event.
 */
export interface KindProse {
  readonly headlines: readonly string[];
  readonly newsHeadlines: readonly string[];
  /** The company about itself. */
  readonly release: readonly string[];
  /** A reporter about the company. */
  readonly wire: readonly string[];
  /** The company to the SEC. */
  readonly filing: readonly string[];
  /** Further sentences, with nothing that another event would say. */
  readonly details: readonly string[];
}

/** A text that tells no event. */
export interface Note {
  readonly title: string;
  readonly paragraphs: readonly string[];
  /** Why a careless reader sees an event in it. */
  readonly trap?: TrapKind;
  /** The number of the paragraph in which. @default 0 */
  readonly at?: number;
}

export type TrapKind = 'denial' | 'rumour' | 'condition' | 'anniversary' | 'namesake' | 'future-date' | 'old-date';

export interface Prose {
  readonly kinds: Readonly<Record<EventKind, KindProse>>;
  /** Sentences that name a rival whom an event hits. */
  readonly rivals: readonly string[];
  readonly quotes: readonly string[];
  readonly background: readonly string[];
  readonly about: readonly string[];
  readonly notes: readonly Note[];
  /** Texts with a trap. */
  readonly traps: readonly Note[];
  /** The articles with a wrong date. */
  readonly dated: Readonly<Record<'future-date' | 'old-date', Note>>;
  /** The article whose page misbehaves. */
  readonly gallery: Note;
  /** News about another company of the same name. */
  readonly namesake: readonly Note[];
  readonly welcome: readonly string[];
  /** The pricing page: what stands beside a price that changed. */
  readonly priceChanged: readonly string[];
  readonly pricing: readonly string[];
  readonly jobs: readonly string[];
  /** The jobs page: an event of hiring. */
  readonly jobsOpen: readonly string[];
  readonly cookies: readonly string[];
}
