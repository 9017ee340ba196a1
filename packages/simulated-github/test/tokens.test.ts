import { describe, expect, it } from 'vitest';
import { appJwt } from '../src/index.ts';
import { newKeyPair } from '../src/world/world.ts';
import { KEY, REPOSITORY, withPullRequest } from './support.ts';

const PULL = `/repos/${REPOSITORY}/pulls/1`;

describe('an installation token', () => {
  it('is narrowed to repositories and permissions', async () => {
    const { simulation, repository, github } = await withPullRequest();
    await github.createRepository({ name: 'other', files: { 'a.txt': 'a\n' } });
    const narrow = { repositories: ['shop'], permissions: { pull_requests: 'read' } };
    const token = await simulation.installationToken(repository.installationId, narrow);
    expect(token).toMatch(/^ghs_1234567_/);
    expect((await simulation.send('GET', PULL, { token })).status).toBe(200);
    expect(await simulation.send('GET', '/repos/octo-org/other', { token })).toMatchObject({
      status: 404,
      body: { message: 'Not Found' },
    });
    const write = await simulation.send('POST', `${PULL}/reviews`, { token, body: { event: 'COMMENT', body: 'x' } });
    expect(write).toMatchObject({ status: 403, body: { message: 'Resource not accessible by integration' } });
    expect(write.headers.get('x-accepted-github-permissions')).toBe('pull_requests=write');
    expect((await simulation.send('GET', `/repos/${REPOSITORY}/contents/src/cart.ts`, { token })).status).toBe(403);
    const seen = await simulation.send('GET', '/installation/repositories', { token });
    expect(seen.body).toMatchObject({ total_count: 1, repositories: [{ full_name: REPOSITORY }] });
  });

  it.each([
    [{ repositories: ['shop', 'absent'] }, /does not exist or is not accessible to the parent installation/],
    [{ repositories: [] }, /does not exist or is not accessible to the parent installation/],
    [{ repositories: ['absent'] }, /does not exist or is not accessible to the parent installation/],
    [{ permissions: { contents: 'write' } }, /permissions requested are not granted/],
    [{ permissions: { issues: 'read' } }, /permissions requested are not granted/],
  ])('is not issued for more than is granted: %j', async (body, message) => {
    const { simulation, repository } = await withPullRequest();
    const path = `/app/installations/${repository.installationId}/access_tokens`;
    const answer = await simulation.send('POST', path, { token: simulation.jwt(), body });
    expect(answer).toMatchObject({ status: 422, body: { message: expect.stringMatching(message) as string } });
  });

  it('expires after an hour', async () => {
    const { simulation, send } = await withPullRequest();
    simulation.clock.now += 3_599_000;
    expect((await send('GET', 'files')).status).toBe(200);
    simulation.clock.now += 1_000;
    expect(await send('GET', 'files')).toMatchObject({ status: 401, body: { message: 'Bad credentials' } });
  });

  it('of another installation does not see the repository', async () => {
    const { simulation, github } = await withPullRequest();
    const other = await github.createRepository({ owner: 'acme', name: 'shop' });
    const token = await simulation.installationToken(other.installationId);
    expect((await simulation.send('GET', PULL, { token })).status).toBe(404);
  });
});

describe("an app's JWT", () => {
  it('lists the app and its installations', async () => {
    const { simulation, repository } = await withPullRequest();
    const token = simulation.jwt();
    expect((await simulation.send('GET', '/app', { token })).body).toMatchObject({ slug: 'fleet-review' });
    const installations = await simulation.send('GET', '/app/installations', { token });
    expect(installations.body).toMatchObject([{ id: repository.installationId, account: { login: 'octo-org' } }]);
    const one = await simulation.send('GET', `/repos/${REPOSITORY}/installation`, { token });
    expect(one.body.id).toBe(repository.installationId);
    // It reads no repository by itself.
    expect((await simulation.send('GET', PULL, { token })).status).toBe(404);
    const unknown = await simulation.send('POST', '/app/installations/1/access_tokens', { token });
    expect(unknown.status).toBe(404);
  });

  it('is rejected when it is old, too long-lived, of another app or another key', async () => {
    const { simulation, github } = await withPullRequest();
    const { id } = github.app;
    const { privateKey } = KEY;
    const { now } = simulation.clock;
    const get = async (token: string) => simulation.send('GET', '/app', { token });
    const message = (text: RegExp) => ({ status: 401, body: { message: expect.stringMatching(text) as string } });
    expect(await get(appJwt({ id, privateKey }, now - 600_000))).toMatchObject(message(/future time at which/));
    expect(await get(appJwt({ id, privateKey }, now + 121_000))).toMatchObject(message(/'Issued at' claim/));
    expect(await get(appJwt({ id, privateKey }, now + 61_000))).toMatchObject(message(/too far in the future/));
    expect(await get(appJwt({ id: 1, privateKey }, now))).toMatchObject(message(/Integration not found/));
    const forged = appJwt({ id, privateKey: newKeyPair().privateKey }, now);
    expect(await get(forged)).toMatchObject(message(/could not be decoded/));
    expect(await get('a.b.c')).toMatchObject(message(/could not be decoded/));
  });
});

describe('a personal token', () => {
  it('stands for its user, within its permissions', async () => {
    const { simulation, github } = await withPullRequest();
    const token = github.createToken({ user: 'reviewer', permissions: { pull_requests: 'write' } });
    expect((await simulation.send('GET', '/user', { token })).body.login).toBe('reviewer');
    const review = await simulation.send('POST', `${PULL}/reviews`, { token, body: { event: 'COMMENT', body: 'x' } });
    expect(review.body.user).toMatchObject({ login: 'reviewer', type: 'User' });
    const check = { name: 'c', head_sha: review.body.commit_id };
    const denied = await simulation.send('POST', `/repos/${REPOSITORY}/check-runs`, { token, body: check });
    expect(denied.body.message).toBe('Resource not accessible by personal access token');
    const all = github.createToken({ user: 'reviewer' });
    const noApp = await simulation.send('POST', `/repos/${REPOSITORY}/check-runs`, { token: all, body: check });
    expect(noApp).toMatchObject({ status: 403, body: { message: 'You must authenticate via a GitHub App.' } });
  });

  it('sees the repositories it is for', async () => {
    const { simulation, github } = await withPullRequest();
    await github.createRepository({ name: 'other' });
    const token = github.createToken({ user: 'reviewer', repositories: ['octo-org/other'] });
    expect((await simulation.send('GET', PULL, { token })).status).toBe(404);
    expect((await simulation.send('GET', '/repos/octo-org/other', { token })).status).toBe(200);
  });
});

it('answers 401 to an unknown token and 404 without one', async () => {
  const { simulation } = await withPullRequest();
  expect((await simulation.send('GET', PULL, { token: 'ghs_nothing' })).body.message).toBe('Bad credentials');
  expect((await simulation.send('GET', PULL)).status).toBe(404);
  expect((await simulation.send('GET', '/user')).body.message).toBe('Requires authentication');
});
