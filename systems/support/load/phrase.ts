import type { Dice } from '#core/chance/dice.ts';
import type { Customer, Order } from '../shop/order.ts';

/** Puts an order and one of its articles into a text, the number as people write it. */
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

/** Dresses a text as people do: with a greeting, an aside, a name, in a hurry. */
export function dress(chance: Dice, text: string, { name }: Customer): string {
  const before = [chance.chance(0.6) ? chance.pick(GREETINGS) : '', chance.chance(0.25) ? chance.pick(ASIDES) : ''];
  const closing = chance.chance(0.5) ? chance.pick(CLOSINGS).replace('{name}', name) : '';
  const whole = [...before, text, closing].filter(Boolean).join(chance.chance(0.3) ? '\n\n' : ' ');
  return chance.chance(0.2) ? hurried(chance, whole) : whole;
}

/** As somebody types who is in a hurry: without capitals, or all in them, curly quotes, or a letter left out. */
function hurried(chance: Dice, text: string): string {
  switch (chance.pick(['lower', 'lower', 'upper', 'curly', 'typo'] as const)) {
    case 'lower':
      return text.toLowerCase();
    case 'upper':
      return text.toUpperCase();
    case 'curly':
      return text.replaceAll("'", '’');
    case 'typo':
      // Of a harmless word: a typo in the one that matters would make the truth a matter of opinion.
      return text.replace(/\bplease\b/i, 'plese').replace(/\bthe\b/, 'teh');
  }
}
