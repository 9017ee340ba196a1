import type { RegionsCore } from '../core.ts';
import { searchBreadthFirst, type Searched } from './breadth-first.ts';
import { FAST, LeaseMachine, SLOW, type LeaseBounds } from './lease-machine.ts';
import { PledgeMachine } from './pledge-machine.ts';

/** A bounded search, and how many states it has. */
interface Instance<Bounds> {
  readonly name: string;
  readonly bounds: Bounds;
  /** All states that can be reached within the bounds; those that are searched, where there are more. */
  readonly states: number;
  readonly isComplete: boolean;
}

/** The holder's stopwatch is slow, and those of the others are fast: the worst case. */
const BASE: LeaseBounds = {
  rounds: [1, 1],
  speeds: [SLOW, FAST, FAST],
  ticks: 3,
  crashes: 0,
  duplicates: 0,
  order: 'phased',
};

/** Searched with every `npm test`. */
export const SMALL_LEASES: readonly Instance<LeaseBounds>[] = [
  { name: 'two regions with a round each', bounds: BASE, states: 42_147, isComplete: true },
  { name: 'a keeper that restarts', bounds: { ...BASE, crashes: 1 }, states: 106_776, isComplete: true },
];

/** Searched every night, with the small ones. */
export const LARGE_LEASES: readonly Instance<LeaseBounds>[] = [
  { name: 'a grant that arrives twice', bounds: { ...BASE, duplicates: 1 }, states: 110_419, isComplete: true },
  {
    name: 'a second round of the other region',
    bounds: { ...BASE, rounds: [1, 2] },
    states: 114_757,
    isComplete: true,
  },
  {
    name: 'a home that was never held',
    bounds: { ...BASE, rounds: [1, 2], ticks: 4, isNew: true },
    states: 400_000,
    isComplete: false,
  },
  { name: 'any order of events', bounds: { ...BASE, order: 'free' }, states: 333_291, isComplete: true },
  { name: 'a second round of the holder', bounds: { ...BASE, rounds: [2, 1] }, states: 1_000_000, isComplete: false },
  { name: 'three regions', bounds: { ...BASE, rounds: [1, 1, 1] }, states: 1_000_000, isComplete: false },
];

/** Epochs of a home under which regions work on a task at once. */
export const SMALL_PLEDGES: readonly Instance<readonly number[]>[] = [
  { name: 'two epochs', bounds: [0, 17], states: 3_980, isComplete: true },
];
export const LARGE_PLEDGES: readonly Instance<readonly number[]>[] = [
  { name: 'three epochs', bounds: [0, 17, 34], states: 400_000, isComplete: false },
];

export const searchLease = (core: RegionsCore, { bounds, states }: Instance<LeaseBounds>): Searched =>
  searchBreadthFirst(new LeaseMachine(core, bounds), states + 1);

export const searchPledge = (core: RegionsCore, { bounds, states }: Instance<readonly number[]>): Searched =>
  searchBreadthFirst(new PledgeMachine(core, bounds), states + 1);

/** The first search that finds a violation, of a core with a planted bug. */
export function caughtBySearch(core: RegionsCore): string | null {
  for (const instance of SMALL_PLEDGES) {
    const { violation } = searchPledge(core, instance);
    if (violation) return `${instance.name}: ${violation.problem}`;
  }
  for (const instance of [...SMALL_LEASES, ...LARGE_LEASES]) {
    // A planted bug may add states, since a table then grants what it should reject.
    const { violation } = searchLease(core, { ...instance, states: 2 * instance.states });
    if (violation) return `${instance.name}: ${violation.problem}`;
  }
  return null;
}
