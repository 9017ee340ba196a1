import { age } from '../terminal/format.ts';
import type { Column } from '../terminal/table.ts';
import { timelessWords } from './line-words.ts';
import type { Line } from './read-lines.ts';

/** Errors of the same cause. */
export interface ErrorGroup {
  readonly fingerprint: string;
  readonly count: number;
  readonly firstAt: string;
  readonly lastAt: string;
  /** The newest one. */
  readonly example: Line;
}

/** Groups errors by their fingerprints, the most frequent first. */
export function groupsOf(lines: readonly Line[]): ErrorGroup[] {
  const groups = Map.groupBy(lines, (line) => line.fingerprint ?? line.message);
  return [...groups]
    .flatMap(([fingerprint, same]) => {
      const [first, last] = [same[0], same.at(-1)];
      if (first === undefined || last === undefined) return [];
      return [{ fingerprint, count: same.length, firstAt: first.at, lastAt: last.at, example: last }];
    })
    .toSorted((one, other) => other.count - one.count);
}

export const GROUPS: readonly Column[] = [
  { name: 'times', align: 'right' },
  { name: 'first' },
  { name: 'last' },
  { name: 'cause' },
  { name: 'newest', flexible: true },
];

export const groupRow = ({ fingerprint, count, firstAt, lastAt, example }: ErrorGroup): string[] => [
  String(count),
  age(firstAt),
  age(lastAt),
  fingerprint,
  timelessWords(example),
];
