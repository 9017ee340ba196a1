import type { Sketch } from './sketch.ts';

/** A distribution as text: `bin:count`, separated by spaces. */
export const encodeSketch = (sketch: Sketch): string => [...sketch].map(([bin, count]) => `${bin}:${count}`).join(' ');

export function decodeSketch(text: string): Sketch {
  return new Map(
    text.split(' ').map((pair): [number, number] => {
      const [bin, count] = pair.split(':');
      return [Number(bin), Number(count)];
    }),
  );
}
