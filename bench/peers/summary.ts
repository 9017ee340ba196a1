import { median } from '../percentile.ts';
import type { Figures } from './measure-peer.ts';
import { rounded } from './rounds.ts';

/** A peer's figures, each the median over the rounds. */
export type PeerSummary = { readonly peer: string } & Figures;

export function summary(peer: string, rounds: readonly Figures[]): PeerSummary {
  const of = (read: (figures: Figures) => number): number => rounded(median(rounds.map(read)), 3);
  return {
    peer,
    ratio: of(({ ratio }) => ratio),
    tasksPerSecond: of(({ tasksPerSecond }) => tasksPerSecond),
    cpuMsPerTask: of(({ cpuMsPerTask }) => cpuMsPerTask),
    memoryMiB: of(({ memoryMiB }) => memoryMiB),
    dispatchP50Ms: of(({ dispatchP50Ms }) => dispatchP50Ms),
    dispatchP99Ms: of(({ dispatchP99Ms }) => dispatchP99Ms),
    crash: {
      lost: of(({ crash }) => crash.lost),
      doubled: of(({ crash }) => crash.doubled),
      extraCalls: of(({ crash }) => crash.extraCalls),
      makespanS: of(({ crash }) => crash.makespanS),
    },
  };
}
