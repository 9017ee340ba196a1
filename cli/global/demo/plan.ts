import { dice } from '#core/chance/dice.ts';

/** One task that a caller will submit. */
export interface PlannedTask {
  readonly nth: number;
  /** The region on whose continent its caller is. */
  readonly near: string;
  /** Milliseconds from the start of the load. */
  readonly atMs: number;
  readonly instruction: string;
  /** What a right answer contains. */
  readonly answer: string;
}

/** What a demo does. The same seed makes the same plan. */
export interface Plan {
  readonly tasks: readonly PlannedTask[];
  /** The region that is killed, and the one that is cut off later. */
  readonly killed: string;
  readonly partitioned: string;
  /** When the region is killed, in milliseconds from the start of the load. */
  readonly killAtMs: number;
}

/** The part of the load before the kill, by which the fleet at rest is measured. */
const BEFORE_KILL = 0.15;

/** Plans callers on all continents who submit at random times, whatever the fleet does meanwhile. */
export function planOf(
  names: readonly string[],
  { tasks, seconds, seed }: { readonly tasks: number; readonly seconds: number; readonly seed: number },
): Plan {
  const chance = dice(seed, 'global demo');
  const killed = chance.pick(names);
  const partitioned = chance.pick(names.filter((name) => name !== killed));
  const planned = Array.from({ length: tasks }, (_, nth): PlannedTask => {
    const [a, b] = [chance.int(2, 99), chance.int(2, 99)];
    return {
      nth,
      near: chance.pick(names),
      atMs: chance.next() * seconds * 1_000,
      instruction: `What is ${a} times ${b}?`,
      answer: `${a * b}`,
    };
  });
  return {
    tasks: planned.toSorted((one, other) => one.atMs - other.atMs),
    killed,
    partitioned,
    killAtMs: seconds * 1_000 * BEFORE_KILL,
  };
}
