import { describe, expect, it } from 'vitest';
import { codeReviewSettings } from '../../settings.ts';
import { usdToHold } from '../../pull-request/hold-money.ts';
import { prepareReview } from '../../pull-request/prepare.ts';
import { giveUp } from '../../pull-request/publish.ts';
import { execution, INJECTION, reviewing } from './reviewing.ts';

const REPOSITORY = 'octo-org/shop';

/** Several pull requests of one repository, and what reviews them. */
async function many(count: number) {
  const on = await reviewing();
  const reviews = [];
  for (let at = 1; at <= count; at += 1) {
    const head = `change-${at}`;
    await on.github.push({ repository: REPOSITORY, branch: head, files: { [`cart-${at}.ts`]: INJECTION } });
    const pull = await on.github.openPullRequest({ repository: REPOSITORY, head, title: `Change ${at}` });
    const order = on.order({ number: pull.number, head: pull.headSha() });
    reviews.push({ pull, order, by: { ...execution(`review-${at}`), startedAt: on.clock.now() } });
  }
  return { on, reviews };
}

describe('many pull requests of a repository at once', () => {
  it('are all reviewed: twelve, by the default settings', async () => {
    const { on, reviews } = await many(12);
    const prepared = await Promise.all(reviews.map(async ({ order, by }) => prepareReview(on.ports, order, by)));
    expect(prepared).toEqual(reviews.map(() => ({ outcome: 'review' })));
    const [held = 0] = await on.held();
    expect(held).toBeLessThan(on.ports.settings.maxUsd.repository / 2);
  });

  it('wait while the others hold what they may not spend, and go on when it is given back', async () => {
    const { on, reviews } = await many(3);
    const [one, two, three] = reviews;
    if (one === undefined || two === undefined || three === undefined) throw new Error('No pull requests.');
    await prepareReview(on.ports, one.order, one.by);
    const [usd = 0] = await on.held();
    // Room for two.
    const maxUsd = { pullRequest: 5, repository: usd * 2.5, day: 200 };
    const ports = { ...on.ports, settings: { ...on.ports.settings, maxUsd } };
    expect(await prepareReview(ports, two.order, two.by)).toEqual({ outcome: 'review' });
    expect(await prepareReview(ports, three.order, three.by)).toEqual({ outcome: 'wait', seconds: 15 });
    expect(three.pull.record().checkRuns).not.toMatchObject([{ status: 'completed' }]);
    on.clock.advance(60_000);
    expect(await prepareReview(ports, three.order, three.by)).toEqual({ outcome: 'wait', seconds: 30 });
    on.clock.advance(1_000);
    await giveUp(ports, one.order, one.by);
    expect(await prepareReview(ports, three.order, three.by)).toEqual({ outcome: 'review' });
  });

  it('wait for an hour at most, and then their check run says what holds the money', async () => {
    const { on, reviews } = await many(2);
    const [one, two] = reviews;
    if (one === undefined || two === undefined) throw new Error('No pull requests.');
    await prepareReview(on.ports, one.order, one.by);
    const [usd = 0] = await on.held();
    const maxUsd = { pullRequest: 5, repository: usd, day: 200 };
    const ports = { ...on.ports, settings: { ...on.ports.settings, maxUsd } };
    on.clock.advance(3_599_000);
    expect(await prepareReview(ports, two.order, two.by)).toEqual({ outcome: 'wait', seconds: 300 });
    on.clock.advance(1_000);
    expect(await prepareReview(ports, two.order, two.by)).toMatchObject({ outcome: 'over' });
    const [run] = two.pull.record().checkRuns;
    expect(run).toMatchObject({ status: 'completed', conclusion: 'neutral' });
    expect(await on.checkRun(run?.id ?? 0)).toMatchObject({
      output: { title: 'Not reviewed: other reviews hold the budget of today' },
    });
  });
});

describe('what is held for a review', () => {
  const { maxUsd } = codeReviewSettings.parse({});
  it.each([
    [0, 5, 0.3],
    [0.05, 5, 0.8],
    [0.6, 5, 5],
    [0.05, 0.5, 0.5],
  ])('with an estimate of $%d and a limit of $%d is $%d', (estimateUsd, mostUsd, usd) => {
    expect(usdToHold({ maxUsd }, { estimateUsd, mostUsd })).toBe(usd);
  });

  it('is within the limits of the repository and of the day, so that it can be held at all', () => {
    for (const small of [{ repository: 0.2 }, { day: 0.2 }])
      expect(usdToHold({ maxUsd: { ...maxUsd, ...small } }, { estimateUsd: 1, mostUsd: 5 })).toBe(0.2);
  });
});
