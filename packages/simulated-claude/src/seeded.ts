import { createHash } from 'node:crypto';

/** Returns a number in [0, 1) that depends only on `parts`: the same seed and content give the same number everywhere. */
export function draw(...parts: readonly (string | number)[]): number {
  return createHash('sha256').update(parts.join('\0')).digest().readUInt32BE(0) / 2 ** 32;
}
