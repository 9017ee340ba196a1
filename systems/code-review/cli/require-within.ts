import { UserError } from '#cli/user-error.ts';
import { estimateUsd } from '../change/estimate.ts';
import type { Plan } from '../change/plan.ts';

/** Throws a `UserError` before anything is spent if the estimate exceeds the limit. */
export function requireWithin(plan: Plan, maxUsd: number | undefined): void {
  const usd = estimateUsd(plan);
  if (maxUsd === undefined || usd <= maxUsd) return;
  throw new UserError(
    `The review would cost about $${usd.toFixed(4)}, more than --max-usd ${maxUsd}. Nothing was sent to the model.`,
    'Raise --max-usd, or choose a nearer --base.',
    3,
  );
}
