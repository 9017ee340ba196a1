/**
 * Texts with slots in braces, such as `{company}`. Each list has at least one text that needs only `company`, `ticker`
 * and `outlet`, which always have a value.
 */
export interface Prose {
  readonly outlets: readonly string[];
  /** Headline and summary of a story, by what it is about. */
  readonly news: Readonly<Record<NewsTopic, readonly (readonly [string, string])[]>>;
  /** How the second and later outlets change a headline. `{headline}` is the first one. */
  readonly echoes: readonly string[];
  /** Body of a filing by form, or by item of an 8-K. */
  readonly filings: Readonly<Record<FilingTopic, readonly string[]>>;
  readonly ratings: readonly string[];
  readonly firms: readonly string[];
  readonly earnings: readonly string[];
  readonly macro: readonly string[];
  /** Orders to a reader that follows orders. */
  readonly injections: readonly string[];
}

export type NewsTopic =
  | 'everyday'
  | 'up'
  | 'down'
  | 'halt'
  | 'cyber'
  | 'bankruptcy'
  | 'restatement'
  | 'delisting'
  | 'quiet';

export type FilingTopic =
  | '1.01'
  | '1.03'
  | '1.05'
  | '2.02'
  | '3.01'
  | '4.02'
  | '5.02'
  | '7.01'
  | '8.01'
  | '10-Q'
  | '4'
  | '144'
  | 'SC 13G'
  | '424B2'
  | 'amended'
  /** Speaks of bankruptcy in general. */
  | 'quiet';
