import { describe, expect, it } from 'vitest';
import { finding } from '../diffed.ts';
import { intercept, pullRequest, review } from './support.ts';

describe('a review on GitHub', () => {
  it('has the verdict, the finding at its line with its suggestion, and no link, image or mention', async () => {
    const { pull, publish } = await pullRequest();
    expect(await publish()).toMatchObject({ kind: 'posted' });
    const { reviews, comments, decision } = pull.record();
    expect(decision).toBe('CHANGES_REQUESTED');
    expect(comments).toMatchObject([
      { path: 'cart.ts', line: 2, side: 'RIGHT', body: expect.stringContaining('```suggestion\nconst b = 3;\n```') },
    ]);
    const [{ body } = { body: '' }] = reviews;
    expect(body).toContain('**Changes requested.**');
    expect(body).not.toMatch(/@octocat|!\[|\]\(http|https:\/\//);
  });

  it('is posted once, however often it is published, and again for another head', async () => {
    const { github, pull, publish } = await pullRequest();
    await publish();
    expect(await publish()).toMatchObject({ kind: 'already-posted' });
    await github.push({
      repository: 'octo-org/shop',
      branch: 'feature',
      files: { 'cart.ts': 'const a = 1;\nconst b = 2;\nc();\n' },
    });
    expect(await publish()).toMatchObject({ kind: 'posted' });
    expect(pull.record().reviews).toHaveLength(2);
  });

  it.each(['502-after-create', 'disconnect-after-create', '502', 'disconnect', '503'] as const)(
    'is posted once when GitHub answers with %s',
    async (fault) => {
      const { github, pull, publish } = await pullRequest();
      github.fault({ fault, method: 'POST', path: '/reviews', times: 1 });
      const published = await publish();
      expect(published.kind).toBe(fault.endsWith('after-create') ? 'already-posted' : 'posted');
      expect(pull.record().reviews).toHaveLength(1);
      expect(pull.record().comments).toHaveLength(1);
    },
  );

  it.each([
    ['429', 72_000],
    ['secondary-limit', 72_000],
    ['secondary-limit-without-retry-after', 60_000],
    ['abuse', 60_000],
  ] as const)('waits as long as GitHub asks after %s', async (fault, ms) => {
    const { github, pull, publish, waits } = await pullRequest();
    github.fault({ fault, method: 'POST', path: '/reviews', times: 1, seconds: 72 });
    expect(await publish()).toMatchObject({ kind: 'posted' });
    expect(waits).toEqual([ms]);
    expect(pull.record().reviews).toHaveLength(1);
  });

  it('is posted once when another token of the same user repeats it, and again despite a stranger’s copy', async () => {
    const { github, pull, publish } = await pullRequest();
    const as = (user: string) => ({ access: { url: github.url, token: github.createToken({ user }) } });
    await publish(review(), {}, as('stranger'));
    expect(await publish()).toMatchObject({ kind: 'posted' });
    expect(await publish(review(), {}, as('reviewer'))).toMatchObject({ kind: 'already-posted' });
    expect(pull.record().reviews.map(({ user }) => user)).toEqual(['stranger', 'reviewer']);
  });

  it('is found by the login that it is given, as an app’s token cannot ask for its own', async () => {
    const { pull, publish } = await pullRequest();
    intercept((_, url) =>
      url.endsWith('/user') ? [403, { message: 'Resource not accessible by integration' }] : null,
    );
    const login = { login: 'Reviewer' };
    await publish(review(), {}, login);
    expect(await publish(review(), {}, login)).toMatchObject({ kind: 'already-posted' });
    expect(await publish(review(), {}, { login: 'other[bot]' })).toMatchObject({ kind: 'posted' });
    expect(pull.record().reviews).toHaveLength(2);
  });

  it('is posted once when the answer is lost and GitHub’s list lags behind', async () => {
    const { github, pull, publish } = await pullRequest();
    github.fault({ fault: 'disconnect-after-create', method: 'POST', path: '/reviews', times: 1 });
    let stale = 3;
    intercept((method, url) => (method === 'GET' && url.includes('/reviews?') && stale-- > 0 ? [200, []] : null));
    expect(await publish()).toMatchObject({ kind: 'already-posted' });
    expect(pull.record().reviews).toHaveLength(1);
  });

  it.each([
    ['of which a file was not read', { paths: ['other.ts'] }, {}, 'cart.ts: not in the range'],
    ['that begins before the range', { base: '1'.repeat(40) }, {}, 'begins at'],
    ['whose base is unknown here', {}, { mergeBase: async () => null }, 'begins at a commit that'],
  ])('is no approval of a pull request %s', async (_, fields, more, said) => {
    const { pull, publish } = await pullRequest();
    const approval = review({ verdict: 'approve', because: 'Nothing was found.', findings: [] });
    expect(await publish(approval, fields, more)).toMatchObject({ note: expect.stringContaining('Not approved') });
    expect(pull.record().reviews).toMatchObject([{ state: 'COMMENTED', body: expect.stringContaining(said) }]);
    expect(pull.record().reviews[0]?.body).not.toContain('Approved');
  });

  it('is an approval of a pull request that was read as a whole', async () => {
    const { pull, publish } = await pullRequest();
    await publish(review({ verdict: 'approve', because: 'Nothing was found.', findings: [] }));
    expect(pull.record().decision).toBe('APPROVED');
  });

  it('has all findings in its text, escaped and within GitHub’s length, when GitHub rejects a line', async () => {
    const { pull, publish } = await pullRequest();
    let rejections = 1;
    const rejected = [422, { message: 'Validation Failed', errors: ['line must be part of the diff'] }] as const;
    intercept((method) => (method === 'POST' && rejections-- > 0 ? rejected : null));
    const message = `![x](https://evil.example) ${'x'.repeat(30_000)}`;
    const findings = Array.from({ length: 10 }, () =>
      finding({ file: 'cart.ts', line: 2, quote: 'const b = 2;', message }),
    );
    expect(await publish(review({ findings }))).toMatchObject({ kind: 'posted' });
    const [{ body } = { body: '' }] = pull.record().reviews;
    expect(body.length).toBeLessThanOrEqual(60_000);
    expect(body).toContain('fleet:review=');
    expect(body).not.toContain('![');
    // An open one would fold the footer away.
    expect(body.split('<details>').length).toBe(body.split('</details>').length);
    expect(body.split('<details>').length).toBeGreaterThan(1);
  });

  it('is a comment on one’s own pull request', async () => {
    const { pull, publish } = await pullRequest({ author: 'reviewer' });
    expect(await publish()).toMatchObject({ kind: 'posted' });
    expect(pull.record().reviews).toMatchObject([{ state: 'COMMENTED' }]);
  });

  it('is not posted to a closed pull request, nor about another commit than its head', async () => {
    const { pull, publish } = await pullRequest();
    expect(await publish(review(), { head: '1'.repeat(40) })).toMatchObject({ kind: 'not-posted', reason: 'moved' });
    await pull.close();
    expect(await publish()).toMatchObject({ kind: 'not-posted', reason: 'closed' });
    expect(pull.record().reviews).toEqual([]);
  });

  it('has findings outside GitHub’s diff in its text, since one of them would reject it whole', async () => {
    const { pull, publish } = await pullRequest();
    const outside = [
      finding({ file: 'cart.ts', line: 99, quote: 'x', message: 'Too far down.' }),
      finding({ file: 'cart.ts', line: 1, quote: 'another line', message: 'Other text.' }),
      finding({ file: 'none.ts', line: 1, quote: 'x', message: 'No such file.' }),
    ];
    expect(await publish(review({ findings: outside }))).toMatchObject({ kind: 'posted' });
    const { reviews, comments } = pull.record();
    expect(comments).toEqual([]);
    for (const text of ['Too far down', 'Other text', 'No such file']) expect(reviews[0]?.body).toContain(text);
  });

  it('keeps to ten comments at lines and to GitHub’s length', async () => {
    const { pull, publish } = await pullRequest();
    const many = Array.from({ length: 400 }, (_, at) =>
      finding({ file: 'cart.ts', line: 2, quote: 'const b = 2;', message: `${at} ${'x'.repeat(2_000)}` }),
    );
    expect(await publish(review({ findings: many }))).toMatchObject({ kind: 'posted' });
    const { reviews, comments } = pull.record();
    expect(comments).toHaveLength(10);
    expect(reviews[0]?.body.length).toBeLessThanOrEqual(60_000);
    expect(reviews[0]?.body).toContain('fleet:review=');
  });

  it('fails with GitHub’s words when the token may not write', async () => {
    const { publish, github } = await pullRequest();
    github.fault({ fault: '404', path: '/files', times: 1 });
    await expect(publish()).rejects.toMatchObject({ name: 'GithubError', kind: 'forbidden' });
  });
});
