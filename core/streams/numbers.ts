import { z } from 'zod';
import { stored } from '../stored/record.ts';

/** At most this many ranges of missing numbers are kept for a source and subject. */
export const MAX_GAPS = 100;

/** A number of a source as digits: JSON has no big integers. */
const digits = z.string().regex(/^\d{1,18}$/);

/** Which numbers of a source were handled. */
export const numbersSchema = stored({
  /** The highest one. Absent: none. */
  last: digits.optional(),
  /** Ranges below it that are missing, first and last number of each, in order. */
  gaps: z.array(z.tuple([digits, digits])),
  /** Whether a missing number up to this one was handled is forgotten, since there were too many gaps. */
  forgotten: digits.optional(),
});
export type Numbers = z.infer<typeof numbersSchema>;

/**
 * - `new`: higher than all before
 * - `late`: it was missing
 * - `handled`: a duplicate
 * - `forgotten`: it may have been missing
 */
export type Standing = 'new' | 'late' | 'handled' | 'forgotten';

export function standingOf({ last, gaps, forgotten }: Numbers, number: bigint): Standing {
  if (last === undefined || number > BigInt(last)) return 'new';
  if (gaps.some(([from, to]) => BigInt(from) <= number && number <= BigInt(to))) return 'late';
  return forgotten !== undefined && number <= BigInt(forgotten) ? 'forgotten' : 'handled';
}

/** Marks a new or late number as handled. `dropped` is the number of gaps that were forgotten. */
export function mark(numbers: Numbers, number: bigint): { readonly numbers: Numbers; readonly dropped: number } {
  const { last } = numbers;
  if (last !== undefined && number <= BigInt(last))
    return bound({ ...numbers, gaps: numbers.gaps.flatMap((gap) => without(gap, number)) });
  // The first number of a source need not be its lowest: what is below it may still come.
  const from = last === undefined ? 0n : BigInt(last) + 1n;
  const gaps = from < number ? [...numbers.gaps, range(from, number - 1n)] : numbers.gaps;
  return bound({ ...numbers, last: String(number), gaps });
}

type Gap = Numbers['gaps'][number];

const range = (from: bigint, to: bigint): Gap => [String(from), String(to)];

function without(gap: Gap, number: bigint): readonly Gap[] {
  const [from, to] = [BigInt(gap[0]), BigInt(gap[1])];
  if (number < from || number > to) return [gap];
  return [...(from < number ? [range(from, number - 1n)] : []), ...(number < to ? [range(number + 1n, to)] : [])];
}

/** The lowest gaps are forgotten first: what belongs there is the least likely to come. */
function bound(numbers: Numbers): { readonly numbers: Numbers; readonly dropped: number } {
  const dropped = Math.max(0, numbers.gaps.length - MAX_GAPS);
  const highest = numbers.gaps[dropped - 1]?.[1];
  if (highest === undefined) return { numbers, dropped: 0 };
  return { numbers: { ...numbers, gaps: numbers.gaps.slice(dropped), forgotten: highest }, dropped };
}
