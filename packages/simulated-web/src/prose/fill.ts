import type { Choices } from '../random.ts';

/** What stands in the slots of a text. */
export type Slots = Readonly<Record<string, string | undefined>>;

const SLOT = /\{(\w+)\}/g;

/** Puts the values in the slots. A sentence begins with a capital letter, and `a` becomes `an` before a vowel. */
export function fill(text: string, slots: Slots): string {
  const filled = text.replaceAll(SLOT, (_, name: string) => {
    const value = slots[name];
    if (value === undefined) throw new Error(`Nothing stands in the slot {${name}} of: ${text}`);
    return value;
  });
  const spoken = filled.replaceAll(/\b([Aa]) (?=[aeio])/g, '$1n ');
  // A name that ends in a full stop takes the one of the sentence.
  return capital(spoken.replaceAll(/\.\.(?!\.)/g, '.'));
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Picks one of the texts whose slots all have a value, and fills it. */
export function say(texts: readonly string[], slots: Slots, choices: Choices): string {
  const fitting = texts.filter((text) => [...text.matchAll(SLOT)].every(([, name = '']) => slots[name] !== undefined));
  return fill(choices.pick(fitting), slots);
}
