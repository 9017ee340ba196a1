import { facts } from '../../terminal/table.ts';
import type { Verdict } from './verdict.ts';

/** A verdict for people. */
export function reportLines(verdict: Verdict): string {
  return facts({
    'accepted tasks': String(verdict.accepted),
    lost: String(verdict.lost),
    'ended twice': String(verdict.endedTwice),
    'steps repeated': `${verdict.repeatedSteps}, and ${verdict.repeatedInFlight} that were in flight when a region was lost`,
    'failed requests': `${verdict.failedRequests} after the client's retries`,
    'budgets exceeded': String(verdict.budgetExceeded),
    'wrong answers': String(verdict.wrongAnswers),
    'two holders of a home': String(verdict.leaseOverlaps),
    'conflicting writes': String(verdict.conflicts),
    takeover: `${seconds(verdict.takeoverS)} after the kill, ${seconds(verdict.partitionTakeoverS)} after the partition`,
    'replication lag p99': verdict.lagMsP99 === null ? '–' : `${Math.round(verdict.lagMsP99)} ms`,
    'acceptance p50': Object.entries(verdict.acceptP50Ms)
      .map(([name, ms]) => `${name} ${ms === null ? '–' : `${Math.round(ms)} ms`}`)
      .join(', '),
    'longest acceptance': seconds(verdict.longestAcceptanceS),
    'peak memory': verdict.peakMemoryMiB === null ? '–' : `${verdict.peakMemoryMiB} MiB`,
  });
}

const seconds = (value: number | null): string => (value === null ? 'never' : `${value.toFixed(1)} s`);
