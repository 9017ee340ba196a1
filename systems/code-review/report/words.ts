import type { Verdict } from '../findings/verdict.ts';

const VERDICTS: Readonly<Record<Verdict, string>> = {
  approve: 'Approved',
  comment: 'Comments only',
  'request-changes': 'Changes requested',
  'not-reviewed': 'Not reviewed',
};

/** A verdict for people. */
export const verdictWords = (verdict: Verdict): string => VERDICTS[verdict];
