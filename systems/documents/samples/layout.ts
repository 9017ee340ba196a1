import type { Dice } from '#core/chance/dice.ts';
import type { Region } from './places.ts';

/** How a contract looks on paper. Lengths are in points. */
export interface Layout {
  readonly paper: 'A4' | 'LETTER';
  readonly columns: 1 | 2;
  readonly family: 'Times' | 'Helvetica' | 'Courier';
  readonly size: number;
  readonly margin: number;
  readonly justified: boolean;
  readonly numbering: 'decimal' | 'subdivided' | 'article' | 'section' | 'paragraph-sign' | 'plain' | 'run-in';
  readonly headings: 'as-written' | 'capitals';
  readonly title: 'centred' | 'left' | 'capitals';
  readonly letterhead: boolean;
  readonly header: 'none' | 'title' | 'reference';
  readonly footer: 'none' | 'page' | 'page-of' | 'reference';
  /** Whether the cover table has its own page. Otherwise it is above the text. */
  readonly coverPage: boolean;
  readonly signatures: 'side-by-side' | 'stacked';
  /** Whether the signatures have their own page. */
  readonly signaturePage: boolean;
  /** Whether words are separated by space characters or only by position, as in TeX. */
  readonly spaces: 'typed' | 'positioned';
}

/** Draws a layout that is common in the region. */
export function drawLayout(region: Region, dice: Dice): Layout {
  const small = dice.chance(0.12);
  const columns = dice.chance(small ? 0.6 : 0.12) ? 2 : 1;
  const family = dice.pick<Layout['family']>(
    columns === 2 ? ['Times', 'Helvetica'] : ['Times', 'Times', 'Helvetica', 'Helvetica', 'Courier'],
  );
  const numbering = dice.pick([
    'decimal',
    'decimal',
    'subdivided',
    'subdivided',
    'article',
    'section',
    'plain',
    'run-in',
  ] as const);
  return {
    paper: region.paper,
    columns,
    family,
    size: small ? 7 : family === 'Courier' ? 9 : dice.pick([9, 10, 10.5, 11]),
    margin: columns === 2 ? 48 : dice.pick([54, 64, 72]),
    justified: family !== 'Courier' && dice.chance(0.5),
    numbering: region.dates.includes('dotted') && dice.chance(0.4) ? 'paragraph-sign' : numbering,
    headings: dice.chance(0.3) ? 'capitals' : 'as-written',
    title: dice.pick(['centred', 'left', 'capitals']),
    letterhead: dice.chance(0.2),
    header: dice.pick(['none', 'title', 'reference']),
    footer: dice.pick(['none', 'page', 'page-of', 'page-of', 'reference']),
    coverPage: dice.chance(0.5),
    signatures: columns === 2 ? 'stacked' : dice.pick(['side-by-side', 'stacked']),
    signaturePage: dice.chance(0.2),
    spaces: dice.chance(0.25) ? 'positioned' : 'typed',
  };
}
