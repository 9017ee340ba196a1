import { describe, expect, it } from 'vitest';
import { codeReviewSettings } from '../settings.ts';

describe('the settings of the code review', () => {
  it('have a default each, so that no configuration must name the system', () => {
    expect(codeReviewSettings.parse({})).toEqual({
      policy: { requestChangesAt: 'high', minConfidence: 0.6, approveUpTo: 'low', approve: true, approveWithout: [] },
      limits: { unitTokens: 6_000, totalTokens: 150_000, files: 300 },
      posting: 'by-specialist',
      drafts: false,
      maxInline: 10,
      maxUsd: { pullRequest: 5, repository: 50, day: 200 },
      newAuthors: { approve: false, maxUsd: 1 },
      githubUrl: 'https://api.github.com',
      reconcileMinutes: 10,
      tenant: 'default',
      whenNotReviewed: 'neutral',
    });
  });

  it('keep the defaults of what a configuration does not name', () => {
    const { maxUsd, policy } = codeReviewSettings.parse({ maxUsd: { repository: 3 }, policy: { approve: false } });
    expect(maxUsd).toEqual({ pullRequest: 5, repository: 3, day: 200 });
    expect(policy).toMatchObject({ approve: false, requestChangesAt: 'high' });
  });

  it.each([
    [{ posting: 'each' }, 'posting'],
    [{ maxInline: 31 }, 'maxInline'],
    [{ maxInline: '10' }, 'maxInline'],
    [{ maxUsd: { pullRequest: 0 } }, 'maxUsd.pullRequest'],
    [{ maxUsd: { month: 1 } }, 'maxUsd'],
    [{ newAuthors: { maxUsd: 0 } }, 'newAuthors.maxUsd'],
    [{ policy: { approveUpTo: 'none' } }, 'policy.approveUpTo'],
    [{ limits: { files: 3_001 } }, 'limits.files'],
    [{ whenNotReviewed: 'success' }, 'whenNotReviewed'],
    [{ reconcileMinutes: 0 }, 'reconcileMinutes'],
    [{ draft: true }, ''],
  ])('reject %j and name the field', (settings, field) => {
    const { error } = codeReviewSettings.safeParse(settings);
    expect(error?.issues.map(({ path }) => path.join('.'))).toEqual([field]);
  });
});
