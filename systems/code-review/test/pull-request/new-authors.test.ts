import { describe, expect, it } from 'vitest';
import { withoutApproval } from '../../findings/verdict.ts';
import { isOfNewAuthor } from '../../github/read-pull.ts';
import { planFileSchema, planName } from '../../pull-request/plan-file.ts';
import { prepareReview } from '../../pull-request/prepare.ts';
import { execution, reviewing } from './reviewing.ts';

const first = execution('first');

/** Prepares the review of a pull request whose author is something to the repository. */
async function prepared(association: 'FIRST_TIME_CONTRIBUTOR' | 'NONE' | 'CONTRIBUTOR', settings = {}) {
  const on = await reviewing();
  await on.pull.close();
  const repository = 'octo-org/shop';
  const pull = await on.github.openPullRequest({ repository, head: 'change', title: 'Find', association });
  const ports = { ...on.ports, settings: { ...on.ports.settings, ...settings } };
  const order = on.order({ number: pull.number, head: pull.headSha() });
  const outcome = await prepareReview(ports, order, first);
  const plan = planFileSchema.parse(await ports.files.get(planName('first')));
  return { outcome, plan, held: await on.held() };
}

describe('a pull request of an author', () => {
  it.each(['FIRST_TIME_CONTRIBUTOR', 'NONE'] as const)(
    'who is %s gets less money, and the plan says so',
    async (who) => {
      const { outcome, plan, held } = await prepared(who, { newAuthors: { approve: false, maxUsd: 0.25 } });
      expect({ outcome, isNew: plan.isOfNewAuthor, held }).toEqual({
        outcome: { outcome: 'review' },
        isNew: true,
        held: [0.25, 0.25],
      });
    },
  );

  it('who is known gets a few times the estimate, which may be more', async () => {
    const settings = { newAuthors: { approve: false, maxUsd: 0.1 } };
    const known = await prepared('CONTRIBUTOR', settings);
    expect(known.plan.isOfNewAuthor).toBe(false);
    expect(known.held[0]).toBeGreaterThan(0.3);
    expect((await prepared('NONE', settings)).held).toEqual([0.1, 0.1]);
  });

  it('who is new has no more than the others when their limit is the lower one', async () => {
    const { held } = await prepared('NONE', { maxUsd: { pullRequest: 0.2, repository: 50, day: 200 } });
    expect(held).toEqual([0.2, 0.2]);
  });

  it('who is new and may not cost anything near a call has the file left out, and it is named', async () => {
    const { outcome, plan } = await prepared('NONE', { newAuthors: { approve: false, maxUsd: 0.000_1 } });
    expect(outcome).toEqual({ outcome: 'nothing-to-read' });
    expect(plan.plan.leftOut).toMatchObject([{ path: 'cart.ts', reason: 'over-limit' }]);
  });
});

it.each([
  ['OWNER', false],
  ['MEMBER', false],
  ['COLLABORATOR', false],
  ['CONTRIBUTOR', false],
  ['FIRST_TIMER', true],
  ['FIRST_TIME_CONTRIBUTOR', true],
  ['NONE', true],
  ['MANNEQUIN', true],
  ['something that GitHub adds', true],
])('an author who is %s is new: %s', (association, isNew) => {
  expect(isOfNewAuthor({ author_association: association })).toBe(isNew);
});

it('only an approval becomes a comment', () => {
  const because = 'Nothing was found.';
  expect(withoutApproval({ verdict: 'approve', because }, 'Look.')).toEqual({
    verdict: 'comment',
    because: 'Nothing was found. Look.',
  });
  for (const verdict of ['comment', 'request-changes', 'not-reviewed'] as const)
    expect(withoutApproval({ verdict, because }, 'Look.')).toEqual({ verdict, because });
});
