import { describe, expect, it } from 'vitest';
import { reviewSupervisor } from '../../agents/supervisor.ts';
import { limitsSchema, planReview } from '../../change/plan.ts';
import { SPECIALISTS, type Severity } from '../../findings/finding.ts';
import { concludeReview, type Part } from '../../findings/review.ts';
import { policySchema } from '../../findings/verdict.ts';
import { diffed } from '../diffed.ts';

const about = {
  title: 'A title',
  description: '',
  guidance: null,
  overview: { files: 2, testsChanged: [], hasTests: true },
};
const unit = (path: string) => {
  const { status, hunks } = diffed(path, ['+run(input);']);
  return [{ path, status, hunks }];
};
const plan = async (input: unknown) => {
  const tool = reviewSupervisor.tools.find(({ name }) => name === 'review-parts');
  const context = { idempotencyKey: 'step-1', signal: AbortSignal.timeout(1_000), input, sandbox: undefined };
  return tool?.plan?.({}, context);
};

describe('the supervisor', () => {
  it('delegates each unit to the specialists that it needs, by code from its input', async () => {
    const request = await plan({ ...about, units: [unit('src/a.ts'), unit('docs/guide.md')] });
    expect(request?.tasks.map(({ to }) => to)).toEqual([...SPECIALISTS, 'security', 'style']);
    for (const { to, input } of request?.tasks ?? [])
      expect(reviewSupervisor.delegates[to]?.inputProblems(input)).toEqual([]);
    expect(await plan({ ...about, units: [unit('src/a.ts')] })).toEqual(
      await plan({ ...about, units: [unit('src/a.ts')] }),
    );
  });

  it('has no other tool, by which its model could delegate what code did not plan', () => {
    expect(reviewSupervisor.tools.map(({ name }) => name)).toEqual(['review-parts']);
  });

  it('delegates to exactly the four specialists', () => {
    const names = Object.entries(reviewSupervisor.delegates).map(([to, { name }]) => [to, name]);
    expect(names).toEqual(SPECIALISTS.map((specialist) => [specialist, `review-${specialist}`]));
  });
});

describe('what the supervisor doubts', () => {
  const conclude = (severity: Severity) => {
    const reviewed = planReview([diffed('src/a.ts', ['+run(input);'])], limitsSchema.parse({}));
    const place = { file: 'src/a.ts', side: 'RIGHT', startLine: 1, line: 1, quote: 'run(input);' } as const;
    const found = {
      path: 'src/a.ts',
      quote: 'run(input);',
      side: 'new',
      rule: 'other',
      confidence: 0.9,
      message: 'Wrong.',
      suggestion: null,
    } as const;
    const part: Part = {
      agent: 'logic',
      unit: unit('src/a.ts'),
      output: { findings: [{ ...found, severity, place }] },
    };
    const doubtful = [{ file: 'src/a.ts', rule: 'other' as const, quote: 'run(input);', why: 'It is fine.' }];
    return concludeReview(reviewed, [part], policySchema.parse({}), { summary: 'Fine.', doubtful });
  };

  it.each([
    ['low', 0, 'approve'],
    ['medium', 0, 'approve'],
    ['high', 1, 'request-changes'],
    ['critical', 1, 'request-changes'],
  ] as const)('takes a finding of severity %s back or not: %d left, %s', (severity, left, verdict) => {
    const review = conclude(severity);
    expect(review.findings).toHaveLength(left);
    expect(review.verdict).toBe(verdict);
  });

  it('does not decide whether a part that no specialist finished counts as read', () => {
    const reviewed = planReview([diffed('src/a.ts', ['+run(input);'])], limitsSchema.parse({}));
    const [done, failed]: Part[] = [
      { agent: 'security', unit: unit('src/a.ts'), output: { findings: [] } },
      { agent: 'logic', unit: unit('src/a.ts'), output: null, reason: 'failed' },
    ];
    if (done === undefined || failed === undefined) throw new Error('No parts.');
    const says = { summary: 'Everything was read.', doubtful: [] };
    const partial = concludeReview(reviewed, [done, failed], policySchema.parse({}), says);
    expect(partial).toMatchObject({
      verdict: 'comment',
      leftOut: [{ path: 'src/a.ts', reason: 'not-reviewed', detail: 'not read for logic' }],
    });
    expect(concludeReview(reviewed, [failed], policySchema.parse({}), says).verdict).toBe('not-reviewed');
  });
});
