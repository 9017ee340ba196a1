import type { Contract } from '../contract.ts';
import type { Layout } from '../layout.ts';
import type { Flow } from './flow.ts';

/** Draws the numbered sections of a contract. */
export function drawClauses(flow: Flow, contract: Contract, layout: Layout): void {
  const { size, numbering } = layout;
  const after = size * 0.6;
  contract.clauses.forEach(({ heading, paragraphs }, index) => {
    const written = layout.headings === 'capitals' ? heading.toUpperCase() : heading;
    // Paragraphs have their own numbers only in subdivided sections. List items already have theirs.
    const label = headingOf(numbering, index + 1, written);
    const [first = '', ...rest] = paragraphs;
    if (numbering === 'run-in' || numbering === 'section') {
      flow.paragraph(`**${label}.** ${first}`, { before: size * 0.3, after, keep: 2 });
    } else {
      const align = numbering === 'article' ? 'centre' : 'left';
      flow.paragraph(label, { bold: true, align, before: size * 0.5, after: size * 0.25, keep: 4 });
      flow.paragraph(numbering === 'subdivided' ? `${index + 1}.1 ${first}` : first, { after });
    }
    let position = 1;
    for (const text of rest) {
      const isItem = /^\([a-z]\) /.test(text);
      const plain = numbering === 'subdivided' && !isItem ? `${index + 1}.${++position} ${text}` : text;
      flow.paragraph(plain, { indent: isItem ? 18 : 0, after });
    }
  });
}

function headingOf(numbering: Layout['numbering'], number: number, heading: string): string {
  switch (numbering) {
    case 'decimal':
    case 'subdivided':
    case 'run-in':
      return `${number}. ${heading}`;
    case 'article':
      return `ARTICLE ${roman(number)} – ${heading}`;
    case 'section':
      return `Section ${number}. ${heading}`;
    case 'paragraph-sign':
      return `§ ${number} ${heading}`;
    case 'plain':
      return heading;
  }
}

function roman(number: number): string {
  const digits = [
    ['X', 10],
    ['IX', 9],
    ['V', 5],
    ['IV', 4],
    ['I', 1],
  ] as const;
  const found = digits.find(([, value]) => value <= number);
  return found === undefined ? '' : found[0] + roman(number - found[1]);
}
