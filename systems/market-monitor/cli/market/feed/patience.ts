import type { Polled } from '../../../sources/edgar/poll.ts';

/** A poll, or that its filings did not reach the stream: the next one reads them again. */
export type Round = Polled | { readonly kind: 'unsent'; readonly reason: string };

/** After failures in a row, it waits twice as long each time, up to this. */
const MAX_WAIT_MS = 5 * 60_000;
/** Whatever EDGAR or an option says. Node's timers fire at once beyond 24.8 days. */
export const MAX_EVERY_MS = 24 * 3_600_000;

/**
 * How long to wait before the next poll, in milliseconds.
 * @param everyMs between polls while all is well
 * @param failures in a row, with this one
 */
export function waitAfter(round: Round, everyMs: number, failures: number): number {
  return Math.min(MAX_EVERY_MS, Math.max(everyMs, patience(round, everyMs, failures)));
}

function patience(round: Round, everyMs: number, failures: number): number {
  switch (round.kind) {
    case 'read':
      return everyMs;
    case 'blocked':
      return round.waitMs;
    case 'failed':
    case 'unsent':
      return Math.min(MAX_WAIT_MS, everyMs * 2 ** failures);
  }
}
