import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { REPOSITORY, simulate, withPullRequest } from './support.ts';

const REVIEWS = `/repos/${REPOSITORY}/pulls/1/reviews`;

describe('a request', () => {
  it.each([
    ['GET', '/nothing'],
    ['GET', `/repos/${REPOSITORY}/nothing`],
    ['GET', `/repos/${REPOSITORY}/pulls/2`],
    ['GET', `/repos/${REPOSITORY}/pulls/1e3`],
    ['GET', '/repos/octo-org/absent/pulls/1'],
    ['GET', '/repos/octo-org/..%2Fshop'],
    ['POST', '/repos'],
    ['DELETE', `/repos/${REPOSITORY}`],
    ['GET', `${REVIEWS}/999`],
    ['POST', `/repos/${REPOSITORY}/pulls/1/comments/999/replies`],
    ['GET', `/repos/${REPOSITORY}/check-runs/999`],
  ])('for what does not exist is a 404: %s %s', async (method, path) => {
    const { send } = await withPullRequest();
    const answer = await send(method, path, method === 'POST' ? { body: 'x' } : undefined);
    expect(answer.status).toBe(404);
    expect(answer.body).toEqual({
      message: 'Not Found',
      documentation_url: expect.stringMatching(/^https:\/\/docs\.github\.com\/rest/) as string,
      status: '404',
    });
  });

  it.each([
    ['broken JSON', '{"body": ', 400, 'Problems parsing JSON'],
    ['bytes that are not UTF-8', '\ud800', 400, 'Problems parsing JSON'],
    ['a list', '[]', 400, 'Body should be a JSON object'],
    ['a text', '"x"', 400, 'Body should be a JSON object'],
    ['an unknown event', '{"event":"MERGE"}', 422, "Invalid request.\n\nFor 'properties/event'"],
    ['a comment without a text', '{"comments":[{"path":"a"}]}', 422, 'Invalid request.\n\n"body" wasn\'t supplied.'],
    ['a line that is a text', '{"comments":[{"path":"a","body":"b","line":"1"}]}', 422, 'Invalid request.\n\nFor '],
    [
      'a position',
      '{"event":"COMMENT","body":"x","comments":[{"path":"a","body":"b","position":1}]}',
      501,
      'The simulated',
    ],
  ])('with %s is rejected', async (_, body, status, message) => {
    const { send, pull } = await withPullRequest();
    const answer = await send('POST', REVIEWS, body);
    expect([answer.status, answer.body.message]).toEqual([status, expect.stringContaining(message)]);
    expect(pull.record().reviews).toEqual([]);
  });

  it('of more than 25 MB is a 413', async () => {
    const { send } = await withPullRequest();
    expect((await send('POST', REVIEWS, ' '.repeat(25 * 1024 * 1024 + 1))).status).toBe(413);
  });

  it('needs a user agent, and a version that GitHub supports', async () => {
    const { github, send } = await withPullRequest();
    const socket = connect(Number(new URL(github.url).port), '127.0.0.1');
    await once(socket, 'connect');
    socket.write('GET /user HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 403 [^]*User-Agent header/);
    expect((await send('GET', REVIEWS, undefined, { 'x-github-api-version': '2022-11-28' })).status).toBe(200);
    expect((await send('GET', REVIEWS, undefined, { 'x-github-api-version': '1999-01-01' })).status).toBe(400);
  });

  it('of a web page is refused, by its host and by its origin', async () => {
    const { github, send } = await withPullRequest();
    const socket = connect(Number(new URL(github.url).port), '127.0.0.1');
    await once(socket, 'connect');
    socket.write('GET / HTTP/1.1\r\nHost: rebound.example\r\nConnection: close\r\n\r\n');
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 403 [^]*not this machine/);
    expect((await send('GET', REVIEWS, undefined, { origin: 'https://evil.example' })).status).toBe(403);
    expect((await send('GET', REVIEWS, undefined, { origin: 'http://localhost:3000' })).status).toBe(200);
  });

  it('finds a repository in any case of its name, and none once it is removed', async () => {
    const { send, github } = await withPullRequest();
    expect((await send('GET', '/repos/Octo-Org/SHOP')).body.full_name).toBe(REPOSITORY);
    github.removeRepository(REPOSITORY);
    expect((await send('GET', `/repos/${REPOSITORY}`)).status).toBe(404);
  });

  it('that has the ETag of an unchanged answer gets 304', async () => {
    const { send, pull } = await withPullRequest();
    const first = await send('GET', '');
    const etag = first.headers.get('etag') ?? '';
    expect((await send('GET', '', undefined, { 'if-none-match': etag })).status).toBe(304);
    await pull.moveHead();
    const changed = await send('GET', '', undefined, { 'if-none-match': etag });
    expect(changed).toMatchObject({ status: 200, body: { commits: 2 } });
  });
});

describe('names from a caller', () => {
  it.each([
    [{ name: '-x' }],
    [{ name: '..' }],
    [{ name: 'a/b' }],
    [{ owner: 'repos', name: 'a' }],
    [{ owner: '../x', name: 'a' }],
    [{ name: 'a', defaultBranch: '--upload-pack=x' }],
    [{ name: 'a', defaultBranch: 'a..b' }],
  ])('are rejected before git sees them: %j', async (wanted) => {
    const { github } = await simulate();
    await expect(github.createRepository(wanted)).rejects.toThrow(/is not a valid/);
  });

  it('of branches are checked, and commits must exist', async () => {
    const { github } = await withPullRequest();
    const repository = REPOSITORY;
    await expect(github.push({ repository, branch: '-f', files: {} })).rejects.toThrow('not a valid branch');
    await expect(github.push({ repository, branch: 'a', onto: '--all', files: {} })).rejects.toThrow(
      'There is no commit',
    );
    await expect(github.openPullRequest({ repository, head: 'absent', title: 'A' })).rejects.toThrow('has no branch');
    await expect(github.resetBranch(repository, 'feature', 'HEAD^')).rejects.toThrow('There is no commit');
    await expect(github.push({ repository: 'a/b', branch: 'a', files: {} })).rejects.toThrow('Known: octo-org/shop');
  });
});

describe('check runs', () => {
  it('go from queued to completed, and are listed by commit', async () => {
    const { send, pull } = await withPullRequest();
    const at = `/repos/${REPOSITORY}`;
    const created = await send('POST', `${at}/check-runs`, {
      name: 'review',
      head_sha: pull.headSha(),
      external_id: 't1',
    });
    expect(created).toMatchObject({ status: 201, body: { status: 'queued', conclusion: null, external_id: 't1' } });
    const one = `${at}/check-runs/${created.body.id}`;
    const output = { title: 'Two findings', summary: 'See below.' };
    const running = await send('PATCH', one, { status: 'in_progress', output });
    expect(running.body).toMatchObject({ status: 'in_progress', output: { ...output, text: null } });
    expect((await send('PATCH', one, { status: 'completed' })).body.message).toMatch(/"conclusion" wasn't supplied/);
    const done = await send('PATCH', one, { conclusion: 'success' });
    expect(done.body).toMatchObject({
      status: 'completed',
      conclusion: 'success',
      completed_at: '2026-11-28T12:00:00Z',
    });
    await send('POST', `${at}/check-runs`, { name: 'review', head_sha: pull.headSha(), status: 'in_progress' });
    const list = `${at}/commits/feature/check-runs`;
    expect((await send('GET', list)).body).toMatchObject({ total_count: 1, check_runs: [{ status: 'in_progress' }] });
    expect((await send('GET', `${list}?filter=all`)).body.total_count).toBe(2);
    expect((await send('GET', `${list}?filter=all&status=completed&check_name=review`)).body.total_count).toBe(1);
    expect((await send('GET', one)).body).toEqual(done.body);
    expect(pull.record().checkRuns).toHaveLength(2);
  });

  it('are rejected for an unknown commit, too many buttons or too long a text', async () => {
    const { send, pull } = await withPullRequest();
    const path = `/repos/${REPOSITORY}/check-runs`;
    const run = { name: 'review', head_sha: pull.headSha() };
    const unknown = await send('POST', path, { ...run, head_sha: '0'.repeat(40) });
    expect(unknown.body.message).toBe(`No commit found for SHA: ${'0'.repeat(40)}`);
    const button = { label: 'Fix', description: 'Fix it', identifier: 'fix' };
    expect((await send('POST', path, { ...run, actions: [button, button, button, button] })).status).toBe(422);
    const long = { title: 'A', summary: 'x'.repeat(65_536) };
    expect((await send('POST', path, { ...run, output: long })).status).toBe(422);
  });
});

it('starts for a repository of this machine, and follows what is pushed into its folder', async () => {
  const { github, repository, simulation } = await withPullRequest();
  const copy = await github.createRepository({ name: 'copy', from: repository.path });
  const commit = github.pullRequest(REPOSITORY, 1).headSha();
  const chosen = { name: 'chosen', from: repository.path, commits: { 'my/work': commit } };
  const { fullName } = await github.createRepository({ ...chosen, defaultBranch: 'my/work' });
  const own = await github.openPullRequest({ repository: fullName, head: 'my/work', base: 'my/work', title: 'Itself' });
  expect(own.headSha()).toBe(commit);
  for (const commits of [{ '--all': commit }, { main: 'HEAD' }, { main: '0'.repeat(40) }])
    await expect(github.createRepository({ ...chosen, commits })).rejects.toThrow(
      /is not a branch at|git fetch failed/,
    );
  await github.openPullRequest({ repository: copy.fullName, head: 'feature', title: 'The same' });
  await github.resetBranch(copy.fullName, 'feature', 'main');
  expect(github.pullRequest(copy.fullName, 1).headSha()).toBe(github.pullRequest(copy.fullName, 1).baseSha());
  await github.refresh(copy.fullName);
  expect((await simulation.send('GET', '/user')).status).toBe(401);
});
