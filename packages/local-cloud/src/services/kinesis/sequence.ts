/**
 * Sequence numbers.
 *
 * A position is an integer that grows with each record of all streams, at least as fast as the clock:
 * the first one of a millisecond is a thousand times that millisecond. So positions of a stream that is deleted and created again are greater.
 * A sequence number is 56 digits like those of AWS: 49, the position, and the index of the shard.
 */

const POSITION_DIGITS = 16;
const SHARD_DIGITS = 38;

/** The smallest position of a millisecond. */
export const positionAt = (time: number): number => time * 1000;

export const shardName = (index: number): string => `shardId-${String(index).padStart(12, '0')}`;

/** Returns the index of a shard id; undefined when it is not one. */
export function shardIndex(shardId: string): number | undefined {
  const digits = /^shardId-(\d{12})$/.exec(shardId)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

export function sequenceNumber(position: number, shard: number): string {
  return `49${String(position).padStart(POSITION_DIGITS, '0')}${String(shard).padStart(SHARD_DIGITS, '0')}`;
}

/** Returns undefined for a number that was not made here. */
export function parseSequence(text: string): { readonly position: number; readonly shard: number } | undefined {
  const match = /^49(\d{16})(\d{38})$/.exec(text);
  return match === null ? undefined : { position: Number(match[1]), shard: Number(match[2]) };
}
