import type { Severity } from '../events/match.ts';

const RANK: Readonly<Record<Severity, number>> = { info: 0, warning: 1, urgent: 2 };
/** Steps that count within one severity: the number of a day, too, which is the step of an alert about a noisy rule. */
const MAX_STEP = 1_000_000;

/** How loud a step of an alert is: by severity, then by step. Only what is louder than before reaches people again. */
export const loudness = ({ severity, step = 1 }: { readonly severity: Severity; readonly step?: number }): number =>
  RANK[severity] * (MAX_STEP + 1) + Math.max(0, Math.min(MAX_STEP, Math.floor(step)));
