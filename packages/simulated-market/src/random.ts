/** Choices that depend on a key alone: the same key, the same choices, whatever was asked before. */
export class Choices {
  private state: number;

  constructor(key: string) {
    this.state = hashOf(key);
  }

  /** At least 0 and below 1 (mulberry32). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** At least `low` and below `high`. */
  within([low, high]: readonly [number, number]): number {
    return low + this.next() * (high - low);
  }

  /** Roughly normal with mean 0 and deviation 1, and never beyond 3. */
  normal(): number {
    return (this.next() + this.next() + this.next() + this.next() - 2) * Math.sqrt(3);
  }

  /** `mean` on average: its whole part, and one more with the probability of the rest. */
  about(mean: number): number {
    return Math.floor(mean) + (this.next() < mean % 1 ? 1 : 0);
  }

  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(list: readonly T[]): T {
    const found = list[Math.floor(this.next() * list.length)];
    if (found === undefined) throw new Error('An empty list has nothing to pick.');
    return found;
  }

  /** `count` different entries, or all of them when there are fewer. */
  sample<T>(list: readonly T[], count: number): T[] {
    const rest = [...list];
    for (let index = 0; index < Math.min(count, rest.length); index += 1) {
      const other = this.between(index, rest.length - 1);
      [rest[index], rest[other]] = [rest[other] as T, rest[index] as T];
    }
    return rest.slice(0, Math.min(count, rest.length));
  }
}

/** 32 bits of a text (FNV-1a with a final mix). */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Sixteen hexadecimal digits that identify a text. */
export const longHash = (text: string): string => hex(hashOf(text)) + hex(hashOf(`again/${text}`));

const hex = (number: number): string => number.toString(16).padStart(8, '0');
