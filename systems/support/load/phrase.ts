import type { Dice } from '#core/chance/dice.ts';
import type { Customer, Order } from '../shop/order.ts';

/** Fills an order number, in one of the formats that people use, and an article of the order into a text. */
export function fillIn(chance: Dice, text: string, { id, lines }: Order): string {
  const number = id.replaceAll(/\D/g, '');
  const written = chance.pick([id, id, `order ${number}`, `#${number}`, id.toLowerCase()]);
  const article = chance.pick(lines).name;
  return text.replaceAll('{order}', written).replaceAll('{item}', article);
}

const GREETINGS = ['Hi,', 'Hello,', 'Dear team,', 'Good morning,', 'Hi there,', 'hello'];
const ASIDES = [
  'I hope you are well.',
  'I have been a customer for a while now.',
  'Sorry to bother you.',
  'Quick one:',
  'I am writing from my phone, so please excuse typos.',
  'I love the look of your new catalogue by the way.',
];
const CLOSINGS = ['Thanks, {name}', 'Best, {name}', 'Kind regards, {name}', 'Cheers', 'Thank you'];

/** Makes a text look like a real message: adds a greeting, an aside or a name, and sometimes haste. */
export function embellish(chance: Dice, text: string, { name }: Customer): string {
  const before = [chance.chance(0.6) ? chance.pick(GREETINGS) : '', chance.chance(0.25) ? chance.pick(ASIDES) : ''];
  const closing = chance.chance(0.5) ? chance.pick(CLOSINGS).replace('{name}', name) : '';
  const whole = [...before, text, closing].filter(Boolean).join(chance.chance(0.3) ? '\n\n' : ' ');
  return chance.chance(0.2) ? hurried(chance, whole) : whole;
}

/** Makes a text look hasty: no capitals, only capitals, curly quotes, or a typo. */
function hurried(chance: Dice, text: string): string {
  switch (chance.pick(['lower', 'lower', 'upper', 'curly', 'typo'] as const)) {
    case 'lower':
      return text.toLowerCase();
    case 'upper':
      return text.toUpperCase();
    case 'curly':
      return text.replaceAll("'", '’');
    case 'typo':
      // Only in harmless words: a typo in a decisive word would make the correct outcome debatable.
      return text.replace(/\bplease\b/i, 'plese').replace(/\bthe\b/, 'teh');
  }
}
