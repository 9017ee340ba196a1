import { createHash } from 'node:crypto';

/** A number in [0, 1) that depends on the parts alone: the same seed and content draw the same everywhere. */
export function draw(...parts: readonly (string | number)[]): number {
  return createHash('sha256').update(parts.join('\0')).digest().readUInt32BE(0) / 2 ** 32;
}
