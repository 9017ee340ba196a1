import { UserError } from '#cli/user-error.ts';
import { forChildren } from '#core/delegation/share.ts';
import { estimateUsd } from '../change/estimate.ts';
import type { Plan } from '../change/plan.ts';

/** Throws a `UserError` before anything is spent if the estimate exceeds what the specialists can use of the limit. */
export function requireWithin(plan: Plan, maxUsd: number | undefined): void {
  const usd = estimateUsd(plan);
  if (maxUsd === undefined || usd <= forChildren(maxUsd)) return;
  throw new UserError(
    `The specialists would cost about $${usd.toFixed(4)}, more than they may use of --max-usd ${maxUsd}: $${forChildren(maxUsd).toFixed(4)}. Nothing was sent to the model.`,
    'Raise --max-usd, or choose a nearer --base.',
    3,
  );
}
