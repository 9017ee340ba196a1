import type { EventData } from '../events/events.ts';
import type { Measured } from './measure-bar.ts';
import { Measures } from './measures.ts';
import type { SubjectState } from './state.ts';

export type Move = EventData<'market.move.v1'>;

const WINDOW_MS = 30 * 60_000;
const MAX_MOVES = 200;

/** Counts the holdings of a portfolio that moved in one direction within 30 minutes of event time. */
export function measureMove(before: SubjectState, { instrument, movePct, holdings }: Move, time: number): Measured {
  const known = (before.moves ?? []).filter(({ subject }) => subject !== instrument);
  const newest = Math.max(time, ...known.map(({ at }) => at));
  const moves = [...known, { subject: instrument, at: time, percent: movePct }]
    .filter(({ at }) => at > newest - WINDOW_MS)
    .toSorted((one, other) => one.at - other.at)
    .slice(-MAX_MOVES);
  const alike = moves.filter((move) => move.at > time - WINDOW_MS && Math.sign(move.percent) === Math.sign(movePct));
  const before30 = (before.moves ?? []).filter(
    ({ at, percent }) => at > time - WINDOW_MS && Math.sign(percent) === Math.sign(movePct),
  );
  const measures = Object.assign(new Measures(), {
    movingBefore: before30.length,
    moving: alike.length,
    movingShare: holdings === 0 ? 0 : Math.min(1, alike.length / holdings),
  });
  return { state: { ...before, moves }, measures };
}
