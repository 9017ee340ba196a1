import { createHash } from 'node:crypto';
import type { Ids } from '#core/ports/ids.ts';

/** Identity and chance that repeat: the same seed gives the same ids and numbers in the same order. */
export function seededIds(seed: number): Ids {
  const random = mulberry32(seed);
  const byte = (): number => Math.floor(random() * 256);
  return {
    random,
    digest: (content) => createHash('sha256').update(content).digest('hex'),
    uuid() {
      const bytes = Buffer.from(Array.from({ length: 16 }, byte));
      // Version 4, variant 10: RFC 9562.
      bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6);
      bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
      return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
    },
  };
}

/** Tommy Ettinger's 32-bit generator: small, quick, and good enough to shuffle a simulation. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
