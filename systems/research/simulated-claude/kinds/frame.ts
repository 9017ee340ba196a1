/** What a sentence can state. A price change becomes a cut or a rise when its direction is known. */
export type Kind =
  | 'launch'
  | 'price-change'
  | 'funding'
  | 'deal'
  | 'leadership'
  | 'hiring'
  | 'layoffs'
  | 'expansion'
  | 'lawsuit'
  | 'outage'
  | 'results'
  | 'rename';

/** 3: the sentence alone is enough. 2: enough where a story tells its news. 1: only if the headline says the same. */
export type Weight = 1 | 2 | 3;

/** Words that state a kind of fact when they are together in a sentence, in any order. */
export interface Frame {
  readonly kind: Kind;
  readonly weight: Weight;
  readonly all: readonly RegExp[];
  readonly none: readonly RegExp[];
}

const compiled = (pattern: string | RegExp): RegExp =>
  typeof pattern === 'string' ? new RegExp(pattern, 'i') : pattern;

export const frame = (
  kind: Kind,
  weight: Weight,
  all: readonly (string | RegExp)[],
  none: readonly (string | RegExp)[] = [],
): Frame => ({ kind, weight, all: all.map(compiled), none: none.map(compiled) });

export const fits = ({ all, none }: Frame, sentence: string): boolean =>
  all.every((pattern) => pattern.test(sentence)) && !none.some((pattern) => pattern.test(sentence));
