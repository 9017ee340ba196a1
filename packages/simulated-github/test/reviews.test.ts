import { describe, expect, it } from 'vitest';
import { statuses, withPullRequest } from './support.ts';

const comment = (more: Record<string, unknown> = {}) => ({ path: 'src/cart.ts', line: 10, body: 'Why?', ...more });
const review = (more: Record<string, unknown> = {}) => ({ event: 'COMMENT', body: 'Summary', ...more });

describe('a review', () => {
  it('is stored with its comments, and listed', async () => {
    const { send, pull } = await withPullRequest();
    const body = review({ commit_id: pull.headSha(), comments: [comment(), comment({ line: 25, start_line: 23 })] });
    const created = await send('POST', 'reviews', body);
    expect(created.body).toMatchObject({ state: 'COMMENTED', body: 'Summary', commit_id: pull.headSha() });
    expect(created.status).toBe(200);
    expect(created.body.user).toMatchObject({ login: 'fleet-review[bot]', type: 'Bot' });
    expect((await send('GET', 'reviews')).body).toEqual([created.body]);
    expect((await send('GET', `reviews/${created.body.id}`)).body).toEqual(created.body);
    const comments = (await send('GET', 'comments')).body;
    expect(comments).toMatchObject([
      { line: 10, side: 'RIGHT', start_line: null, original_line: 10, path: 'src/cart.ts', position: 5 },
      { line: 25, start_line: 23, start_side: 'RIGHT', pull_request_review_id: created.body.id },
    ]);
    expect(comments[0].diff_hunk).toBe('@@ -7,7 +7,7 @@ line 6\n line 7\n line 8\n line 9\n-line 10\n+ten');
    expect((await send('GET', `reviews/${created.body.id}/comments`)).body).toHaveLength(2);
  });

  const CASES = [
    ['a line outside the hunks', { line: 15 }, /^Pull request review thread line must be part of the diff and /],
    ['a removed line on the wrong side', { line: 31 }, /line must be part of the diff/],
    ['no line', { line: undefined }, /line must be part of the diff/],
    ['a file outside the diff', { path: 'README.md' }, /^Path could not be resolved$/],
    ['equal start and end', { start_line: 10 }, /start line must precede the end line/],
    ['a start after the end', { start_line: 12 }, /start line must precede the end line/],
    ['a start in another hunk', { line: 25, start_line: 10 }, /start line must be part of the same hunk/],
    ['an empty comment', { body: ' ' }, /Body can't be blank/],
  ] as const;
  it.each(CASES)('with %s is rejected as a whole', async (_, wrong, message) => {
    const { send } = await withPullRequest();
    const rejected = await send('POST', 'reviews', review({ comments: [comment(), comment(wrong)] }));
    expect(rejected).toMatchObject({ status: 422, body: { message: 'Unprocessable Entity' } });
    expect(rejected.body.errors).toEqual([expect.stringMatching(message)]);
    expect((await send('GET', 'reviews')).body).toEqual([]);
    expect((await send('GET', 'comments')).body).toEqual([]);
  });

  it.each([
    ['a removed line', { line: 10, side: 'LEFT' }],
    ['a context line', { line: 9 }],
    ['a range from a removed line to the added one', { line: 10, start_line: 10, start_side: 'LEFT' }],
  ])('is placed on %s', async (_, where) => {
    const { send } = await withPullRequest();
    expect(await send('POST', 'reviews', review({ comments: [comment(where)] }))).toMatchObject({ status: 200 });
  });

  it('with a verdict needs another author, and a text to request changes', async () => {
    const { send, github, simulation } = await withPullRequest();
    const own = github.createToken({ user: 'octocat' });
    const post = async (body: unknown) =>
      simulation.send('POST', '/repos/octo-org/shop/pulls/1/reviews', { token: own, body });
    expect((await post({ event: 'APPROVE' })).body.errors).toEqual(['Can not approve your own pull request']);
    expect((await post({ event: 'REQUEST_CHANGES', body: 'No' })).body.errors).toEqual([
      'Can not request changes on your own pull request',
    ]);
    expect((await post(review())).status).toBe(200);
    expect((await send('POST', 'reviews', { event: 'REQUEST_CHANGES' })).status).toBe(422);
    expect((await send('POST', 'reviews', { event: 'COMMENT' })).status).toBe(422);
    expect((await send('POST', 'reviews', { event: 'APPROVE' })).body).toMatchObject({ state: 'APPROVED', body: '' });
  });

  it('of a pull request of the app itself can only comment', async () => {
    const { send, github } = await withPullRequest();
    await github.push({ repository: 'octo-org/shop', branch: 'own', files: { 'own.ts': 'own\n' } });
    const author = 'fleet-review[bot]';
    await github.openPullRequest({ repository: 'octo-org/shop', head: 'own', title: 'Own', author });
    const path = '/repos/octo-org/shop/pulls/2/reviews';
    expect((await send('POST', path, { event: 'APPROVE' })).body.errors).toEqual([
      'Can not approve your own pull request',
    ]);
    expect((await send('POST', path, review())).status).toBe(200);
  });

  it('of a comment does not lift a verdict; an approval or a dismissal does', async () => {
    const { send, pull } = await withPullRequest();
    const first = await send('POST', 'reviews', { event: 'REQUEST_CHANGES', body: 'No' });
    await send('POST', 'reviews', review());
    expect(pull.record().decision).toBe('CHANGES_REQUESTED');
    const dismissed = await send('PUT', `reviews/${first.body.id}/dismissals`, { message: 'Fixed' });
    expect(dismissed.body.state).toBe('DISMISSED');
    expect(pull.record().decision).toBe('REVIEW_REQUIRED');
    await send('POST', 'reviews', { event: 'APPROVE' });
    expect(pull.record().decision).toBe('APPROVED');
    const again = await send('PUT', `reviews/${first.body.id}/dismissals`, { message: 'Fixed' });
    expect(again.body.errors).toEqual(['Can not dismiss a dismissed pull request review']);
  });

  it('without an event stays pending, is seen by its author only, and blocks every other', async () => {
    const { send, simulation, github } = await withPullRequest();
    const pending = await send('POST', 'reviews', { body: 'Draft', comments: [comment()] });
    expect(pending.body).toMatchObject({ state: 'PENDING' });
    expect(pending.body.submitted_at).toBeUndefined();
    const token = github.createToken({ user: 'someone' });
    const others = await simulation.send('GET', '/repos/octo-org/shop/pulls/1/reviews', { token });
    expect(others.body).toEqual([]);
    expect((await simulation.send('GET', '/repos/octo-org/shop/pulls/1/comments', { token })).body).toEqual([]);
    const blocked = await send('POST', 'reviews', review());
    expect(blocked.body.errors).toEqual(['User can only have one pending review per pull request']);
    expect((await send('POST', 'comments', comment({ commit_id: pending.body.commit_id }))).status).toBe(422);
    expect((await send('DELETE', `reviews/${pending.body.id}`)).status).toBe(200);
    expect((await send('GET', 'comments')).body).toEqual([]);
    expect((await send('POST', 'reviews', review())).status).toBe(200);
  });

  it('that is pending can be submitted; a submitted one can be edited, but not deleted', async () => {
    const { send } = await withPullRequest();
    const { body: pending } = await send('POST', 'reviews', { body: 'Draft' });
    const submitted = await send('POST', `reviews/${pending.id}/events`, { event: 'COMMENT' });
    expect(submitted.body).toMatchObject({ state: 'COMMENTED', body: 'Draft' });
    expect((await send('PUT', `reviews/${pending.id}`, { body: 'Edited' })).body.body).toBe('Edited');
    const kept = await send('DELETE', `reviews/${pending.id}`);
    expect(kept.body.errors).toEqual(['Can not delete a non-pending pull request review']);
    expect((await send('POST', `reviews/${pending.id}/events`, { event: 'COMMENT' })).status).toBe(422);
  });

  it('has at most 65,536 characters, and so has each comment', async () => {
    const { send } = await withPullRequest();
    const long = 'x'.repeat(65_537);
    const tooLong = 'Body is too long (maximum is 65536 characters)';
    expect((await send('POST', 'reviews', review({ body: long }))).body.errors).toEqual([tooLong]);
    const inComment = await send('POST', 'reviews', review({ comments: [comment({ body: long })] }));
    expect(inComment.body.errors).toEqual([tooLong]);
    expect((await send('POST', 'reviews', review({ body: long.slice(1) }))).status).toBe(200);
  });

  it('is rejected while another one of the same user is written', async () => {
    const { send, pull } = await withPullRequest({ writeMs: 50 });
    const answers = await Promise.all([1, 2, 3, 4].map(async (n) => send('POST', 'reviews', review({ body: `${n}` }))));
    expect(statuses(answers)).toEqual([200, 422, 422, 422]);
    const failed = answers.find(({ status }) => status === 422);
    expect(failed?.body.errors).toEqual(['Review comments is invalid and Review threads is invalid']);
    expect(pull.record().reviews).toHaveLength(1);
    expect((await send('POST', 'reviews', review())).status).toBe(200);
  });

  it('is rejected for a commit that a forced push took away, and accepted for an earlier one', async () => {
    const { send, pull, github } = await withPullRequest();
    const first = pull.headSha();
    await pull.moveHead();
    expect((await send('POST', 'reviews', review({ commit_id: first }))).status).toBe(200);
    await github.push({ repository: 'octo-org/shop', branch: 'feature', onto: 'main', files: { 'b.ts': 'b\n' } });
    const gone = await send('POST', 'reviews', review({ commit_id: first }));
    expect(gone.body.errors).toEqual(['The commitOID is not part of the pull request']);
  });

  it('with more than 30 comments is rejected as abuse', async () => {
    const { send } = await withPullRequest();
    const many = (count: number) => review({ comments: Array.from({ length: count }, () => comment()) });
    const rejected = await send('POST', 'reviews', many(31));
    expect(rejected.body.errors).toEqual([expect.stringContaining('was submitted too quickly')]);
    expect((await send('POST', 'reviews', many(30))).status).toBe(200);
  });
});
