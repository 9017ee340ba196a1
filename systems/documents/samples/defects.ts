import type { Contract } from './contract.ts';
import type { Dice } from '#core/chance/dice.ts';
import type { Layout } from './layout.ts';
import { Raster } from './pdf/raster.ts';
import { renderContract } from './pdf/render.ts';
import type { Defect } from './truth.ts';

/** Returns the contract's file, broken in the given way. */
export async function breakContract(
  defect: Defect,
  contract: Contract,
  layout: Layout,
  dice: Dice,
  created: Date,
): Promise<Uint8Array> {
  switch (defect) {
    case 'empty':
      return new Uint8Array();
    case 'not-a-pdf':
      return dice.chance(0.5) ? asText(contract) : asPicture(contract, dice);
    case 'truncated': {
      const whole = await renderContract(contract, layout, dice, { created });
      return whole.slice(0, Math.floor(whole.length * (0.3 + 0.5 * dice.next())));
    }
    case 'password-protected':
      return renderContract(contract, layout, dice, { created, password: `secret-${contract.reference}` });
    case 'image-only':
      return renderContract(contract, layout, dice, { created, isScan: () => true });
    case 'partly-readable':
      // Large print, so that even a short contract has a second page. All pages after the first are scans.
      return renderContract(contract, { ...layout, ...LARGE_PRINT }, dice, { created, isScan: (page) => page > 0 });
  }
}

const LARGE_PRINT = { size: 14, columns: 1, margin: 72, coverPage: false } as const;

/** The contract as plain text, as if a text file had been renamed to .pdf. */
function asText({ title, reference, opening, clauses }: Contract): Uint8Array {
  const sections = clauses.flatMap(({ heading, paragraphs }) => [heading, ...paragraphs]);
  return new TextEncoder().encode([title, reference, ...opening, ...sections].join('\n\n').replaceAll('**', ''));
}

/** A picture with the name of a PDF. */
function asPicture({ reference }: Contract, dice: Dice): Uint8Array {
  const picture = new Raster(320, 240);
  picture.word(reference, 30, 60, 260, 24);
  picture.speckle(dice);
  return new Uint8Array(picture.png());
}
