import type { Choices } from '../random.ts';

export type Slots = Readonly<Record<string, string>>;

/** Puts values in the slots of a text. */
export const fill = (text: string, slots: Slots): string =>
  text.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = slots[name];
    if (value === undefined) throw new Error(`Nothing stands in the slot {${name}} of: ${text}`);
    return value;
  });

export const say = (texts: readonly string[], slots: Slots, choices: Choices): string =>
  fill(choices.pick(texts), slots);
