import type { Contract, Signature } from '../contract.ts';
import type { Dice } from '#core/chance/dice.ts';
import type { Layout } from '../layout.ts';
import type { Flow } from './flow.ts';

const CLOSINGS = [
  'IN WITNESS WHEREOF, the parties have caused this agreement to be executed by their duly authorised representatives.',
  'Signed by the parties or their duly authorised representatives.',
  'The parties have read and understood these terms and sign below to show their agreement.',
  'AGREED AND ACCEPTED:',
];

/** Draws the signature blocks, kept together on one page. */
export function drawSignatures(flow: Flow, contract: Contract, layout: Layout, dice: Dice): void {
  const { size } = layout;
  const row = size * 1.7;
  const blocks = contract.signatures.map((signature) => blockOf(signature));
  const height = row * Math.max(...blocks.map((block) => block.length));
  const half = flow.width / 2;
  const face = { Times: 'Times-Bold', Helvetica: 'Helvetica-Bold', Courier: 'Courier-Bold' }[layout.family];
  const fits = blocks.length === 2 && blocks.flat().every((line) => flow.ink.width(line, face, size) < half - 10);
  const sideBySide = layout.signatures === 'side-by-side' && fits;
  flow.need(height * (sideBySide ? 1 : blocks.length) + row * 3);
  flow.paragraph(dice.pick(CLOSINGS), { before: size, after: size * 1.5 });
  const top = flow.y;
  blocks.forEach((block, index) => {
    if (sideBySide) flow.y = top;
    else flow.need(height);
    const left = flow.left + (sideBySide ? index * half : 0);
    block.forEach((line, position) => {
      flow.y += row;
      flow.label(line, left, flow.y, size, position === 0);
    });
    flow.y += row;
  });
}

function blockOf({ party, signer, office, date }: Signature): string[] {
  const blank = '_'.repeat(26);
  // A person signs for themselves, without lines for name and office.
  const name = office === null ? [] : [`Name: ${signer}`, `Title: ${office}`];
  return [party, `By: ${blank}`, ...name, `Date: ${date ?? '______________'}`];
}
