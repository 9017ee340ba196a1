import { expect, it } from 'vitest';
import { requireWithin } from '../../cli/require-within.ts';
import { estimateUsd } from '../../change/estimate.ts';
import { limitsSchema, planReview } from '../../change/plan.ts';
import { diffed } from '../diffed.ts';

it('a review whose specialists may cost more than their four fifths of --max-usd does not start', () => {
  const plan = planReview([diffed('src/a.ts', ['+run(input);'])], limitsSchema.parse({}));
  const usd = estimateUsd(plan);
  requireWithin(plan, undefined);
  requireWithin(plan, usd / 0.79);
  expect(() => requireWithin(plan, usd / 0.81)).toThrow('more than they may use of --max-usd');
});
