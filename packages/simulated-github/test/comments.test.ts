import { describe, expect, it } from 'vitest';
import { lines, statuses, withPullRequest } from './support.ts';

const comment = (commit: string, more: Record<string, unknown> = {}) => ({
  path: 'src/cart.ts',
  line: 10,
  body: 'Why?',
  commit_id: commit,
  ...more,
});

describe('a single comment', () => {
  it('makes a review of its own and can be answered, edited and deleted', async () => {
    const { send, pull } = await withPullRequest();
    const created = await send('POST', 'comments', comment(pull.headSha()));
    expect(created).toMatchObject({ status: 201, body: { line: 10, subject_type: 'line' } });
    expect(pull.record().reviews).toMatchObject([{ id: created.body.pull_request_review_id, state: 'COMMENTED' }]);
    const { id } = created.body;
    const reply = await send('POST', `comments/${id}/replies`, { body: 'Fixed in abc.' });
    expect(reply).toMatchObject({ status: 201, body: { in_reply_to_id: id, line: 10 } });
    const nested = await send('POST', `comments/${reply.body.id}/replies`, { body: 'No' });
    expect(nested.status).toBe(422);
    const one = `/repos/octo-org/shop/pulls/comments/${id}`;
    expect((await send('PATCH', one, { body: 'Because' })).body.body).toBe('Because');
    expect((await send('GET', one)).body.body).toBe('Because');
    expect((await send('DELETE', one)).status).toBe(204);
    expect((await send('GET', one)).status).toBe(404);
  });

  it('on a whole file has no line', async () => {
    const { send, pull } = await withPullRequest();
    const body = comment(pull.headSha(), { line: undefined, subject_type: 'file' });
    const created = await send('POST', 'comments', body);
    expect(created).toMatchObject({ status: 201, body: { subject_type: 'file', diff_hunk: '' } });
    expect(created.body.line).toBeUndefined();
  });

  it('outside the diff names the field', async () => {
    const { send, pull } = await withPullRequest();
    const outside = await send('POST', 'comments', comment(pull.headSha(), { line: 15 }));
    expect(outside.body).toMatchObject({
      message: 'Validation Failed',
      errors: [
        { code: 'custom', message: 'pull_request_review_thread.line must be part of the diff' },
        { code: 'missing_field', field: 'pull_request_review_thread.diff_hunk' },
      ],
    });
    const foreign = await send('POST', 'comments', comment('0'.repeat(40)));
    expect(foreign.body.errors[0].message).toBe(
      'pull_request_review_thread.end_commit_oid is not part of the pull request',
    );
  });

  it('follows its line, and is outdated once the line has changed', async () => {
    const { send, pull, github } = await withPullRequest();
    await send('POST', 'comments', comment(pull.headSha()));
    await send('POST', 'comments', comment(pull.headSha(), { line: 25 }));
    const moved = `first\n${lines({ 10: 'ten', 25: 'other' })}`;
    await github.push({ repository: 'octo-org/shop', branch: 'feature', files: { 'src/cart.ts': moved } });
    const [kept, outdated] = (await send('GET', 'comments')).body;
    expect(kept).toMatchObject({ line: 11, original_line: 10, commit_id: pull.headSha() });
    expect(outdated).toMatchObject({ line: null, position: null, original_line: 25 });
    expect(outdated.commit_id).toBe(outdated.original_commit_id);
    const early = await send('POST', `comments/${kept.id}/replies`, { body: 'Yes' });
    expect(early.body).toMatchObject({ line: 11, original_line: 10 });
    const late = await send('POST', `comments/${outdated.id}/replies`, { body: 'Fixed' });
    expect(late).toMatchObject({ status: 201, body: { line: null, original_line: 25 } });
  });

  it('is rejected while another one is written', async () => {
    const { send, pull } = await withPullRequest({ writeMs: 50 });
    const answers = await Promise.all(
      [10, 25].map(async (line) => send('POST', 'comments', comment(pull.headSha(), { line }))),
    );
    expect(statuses(answers)).toEqual([201, 422]);
    const failed = answers.find(({ status }) => status === 422);
    expect(failed?.body.errors).toMatchObject([{ message: 'pull_request_review_id must be pending' }]);
  });
});

describe('a comment in the conversation', () => {
  it('is created, listed since a time, edited and deleted', async () => {
    const { send, simulation } = await withPullRequest();
    const list = '/repos/octo-org/shop/issues/1/comments';
    const created = await send('POST', list, { body: 'Summary' });
    expect(created).toMatchObject({ status: 201, body: { body: 'Summary', author_association: 'NONE' } });
    simulation.clock.now += 60_000;
    await send('POST', list, { body: 'Later' });
    expect((await send('GET', list)).body).toHaveLength(2);
    expect((await send('GET', `${list}?since=2026-11-28T12:00:30Z`)).body).toMatchObject([{ body: 'Later' }]);
    const one = `/repos/octo-org/shop/issues/comments/${created.body.id}`;
    expect((await send('PATCH', one, { body: 'Edited' })).body.body).toBe('Edited');
    expect((await send('PATCH', one, { body: 'x'.repeat(65_537) })).body.errors[0].message).toMatch(/too long/);
    expect((await send('DELETE', one)).status).toBe(204);
    expect((await send('GET', one)).status).toBe(404);
  });
});
