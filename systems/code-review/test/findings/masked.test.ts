import { expect, it } from 'vitest';
import { limitsSchema, planReview } from '../../change/plan.ts';
import { locate } from '../../findings/locate.ts';
import { concludeReview } from '../../findings/review.ts';
import { policySchema } from '../../findings/verdict.ts';
import { diffed } from '../diffed.ts';

it('what the models say about a change holds no secret, and a suggestion with one is dropped', () => {
  const key = ['AKIA', 'QWERTYUIOPASDFGH'].join('');
  const plan = planReview([diffed('deploy.yml', ['+run: deploy', '+mode: fast'])], limitsSchema.parse({}));
  const [unit] = plan.units;
  if (unit === undefined) throw new Error('There is nothing to review.');
  const about = { path: 'deploy.yml', side: 'new', rule: 'other', severity: 'low', confidence: 0.9 } as const;
  const found = [
    { quote: 'run: deploy', message: `It has ${key}.`, suggestion: 'password: Sup3rS3cret99' },
    { quote: 'mode: fast', message: 'Say why.', suggestion: 'mode: slow' },
    { quote: `id: ${key}`, message: `It has ${key} too.`, suggestion: null },
  ].map((each) => {
    const place = locate(unit, { ...about, ...each });
    return { ...about, ...each, ...(place !== null && { place }) };
  });
  const parts = [{ agent: 'security' as const, unit, output: { findings: found } }];
  const review = concludeReview(plan, parts, policySchema.parse({}), { summary: `Remove ${key}.`, doubtful: [] });
  expect(JSON.stringify(review)).not.toMatch(/AKIA|S3cret99/);
  expect(review.summary).toBe('Remove ‹masked:aws-access-key›.');
  expect(review.findings.map(({ message, suggestion }) => [message, suggestion])).toEqual([
    ['It has ‹masked:aws-access-key›.', undefined],
    ['Say why.', 'mode: slow'],
  ]);
  expect(review.unplaced).toMatchObject([{ message: 'It has ‹masked:aws-access-key› too.' }]);
});
