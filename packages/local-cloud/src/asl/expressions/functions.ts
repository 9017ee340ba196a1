import { createHash, randomUUID } from 'node:crypto';
import jsonata from 'jsonata';
import type { Json } from '../json.ts';

/**
 * The functions that Step Functions adds to JSONata 2.0.6:
 * https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html#jsonata-functions
 */

/** The sources of time and randomness for functions that are not pure. */
export interface Sources {
  now(): number;
  random(): number;
}

/** `$range` returns at most this many elements, like `States.ArrayRange`. */
const MAX_RANGE = 1000;

const ALGORITHMS: Readonly<Record<string, string>> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};

function partition(array: readonly Json[] | undefined, size: number): Json[][] | undefined {
  if (array === undefined) return undefined;
  if (!Number.isInteger(size) || size < 1) throw new Error('The chunk size of $partition must be a positive integer.');
  const chunks: Json[][] = [];
  for (let from = 0; from < array.length; from += size) chunks.push(array.slice(from, from + size));
  return chunks;
}

function range(first: number, last: number, step: number): number[] {
  if (step === 0) throw new Error('The step of $range must not be zero.');
  const length = Math.floor((last - first) / step) + 1;
  if (length > MAX_RANGE)
    throw new Error(`$range returns at most ${MAX_RANGE} elements, but ${length} were requested.`);
  return Array.from({ length: Math.max(length, 0) }, (_, index) => first + index * step);
}

function hash(text: string | undefined, algorithm: string): string | undefined {
  if (text === undefined) return undefined;
  const name = ALGORITHMS[algorithm];
  if (name === undefined)
    throw new Error(`$hash does not support ${algorithm}. Use one of ${Object.keys(ALGORITHMS).join(', ')}.`);
  return createHash(name).update(text).digest('hex');
}

/** Returns the first number of the mulberry32 sequence, so that a seed always gives the same number. */
export function seeded(seed: number): number {
  let state = (Math.trunc(seed) + 0x6d2b79f5) | 0;
  state = Math.imul(state ^ (state >>> 15), state | 1);
  state ^= state + Math.imul(state ^ (state >>> 7), state | 61);
  return ((state ^ (state >>> 14)) >>> 0) / 4_294_967_296;
}

function parse(text: string | undefined): Json | undefined {
  return text === undefined ? undefined : (JSON.parse(text) as Json);
}

const FROM_MILLIS = jsonata('$fromMillis($at, $picture, $zone)');

/** Registers AWS's functions with an expression. They read time and randomness from `sources`. */
export function register(expression: jsonata.Expression, sources: Sources): void {
  expression.registerFunction('partition', partition, '<a-n:a>');
  expression.registerFunction('range', range, '<nnn:a<n>>');
  expression.registerFunction('hash', hash, '<s-s:s>');
  expression.registerFunction('uuid', () => randomUUID(), '<:s>');
  expression.registerFunction('parse', parse, '<s-:x>');
  expression.registerFunction(
    'random',
    (seed?: number) => (seed === undefined ? sources.random() : seeded(seed)),
    '<n?:n>',
  );
  expression.registerFunction('millis', () => sources.now(), '<:n>');
  expression.registerFunction(
    'now',
    (picture?: string, zone?: string) => FROM_MILLIS.evaluate(null, { at: sources.now(), picture, zone }),
    '<s?s?:s>',
  );
}
