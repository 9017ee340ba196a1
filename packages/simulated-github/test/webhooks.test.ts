import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { receive, REPOSITORY, simulate, withPullRequest, type Json, type Received } from './support.ts';
import { examples, webhookProblems } from './published/validate.ts';

const secret = 'a secret';
const read = (body: string): Json => JSON.parse(body);
const eventOf = ({ headers, body }: Received): string =>
  [headers['x-github-event'], read(body).action].filter(Boolean).join('.');

/** Everything that happens to a pull request, and what was received of it. */
async function story() {
  const receiver = await receive();
  const setup = await withPullRequest({ webhook: { url: receiver.url, secret } });
  const { github, pull, send } = setup;
  await pull.setDraft(true);
  await pull.setDraft(false);
  await github.push({ repository: REPOSITORY, branch: 'feature', files: { 'b.ts': 'b\n' }, author: 'pusher' });
  await pull.edit({ title: 'Better', base: 'main' });
  pull.comment('octocat', '/review');
  const run = await send('POST', `/repos/${REPOSITORY}/check-runs`, { name: 'review', head_sha: pull.headSha() });
  github.rerequest(run.body.id);
  github.rerequest(run.body.id, 'fix');
  await github.rerequestAll(run.body.id);
  await pull.close();
  await pull.reopen();
  await pull.close({ merge: true });
  await github.settled();
  return { ...setup, ...receiver };
}

describe('webhooks', () => {
  it('are sent for each event, signed, as GitHub describes them', async () => {
    const { received, repository, pull } = await story();
    expect(received.map(eventOf).toSorted()).toEqual([
      'check_run.requested_action',
      'check_run.rerequested',
      'check_suite.rerequested',
      'issue_comment.created',
      'ping',
      'pull_request.closed',
      'pull_request.closed',
      'pull_request.converted_to_draft',
      'pull_request.edited',
      'pull_request.opened',
      'pull_request.ready_for_review',
      'pull_request.reopened',
      'pull_request.synchronize',
    ]);
    for (const { headers, body } of received) {
      const signature = createHmac('sha256', secret).update(body).digest('hex');
      expect(headers['x-hub-signature-256']).toBe(`sha256=${signature}`);
      expect(headers['user-agent']).toMatch(/^GitHub-Hookshot\//);
      const payload = read(body);
      expect(webhookProblems(headers['x-github-event'] ?? '', payload.action ?? null, payload)).toEqual([]);
      const installed = headers['x-github-event'] === 'ping' ? undefined : repository.installationId;
      expect(payload.installation?.id).toBe(installed);
    }
    const moved = read(received.find((each) => eventOf(each) === 'pull_request.synchronize')?.body ?? '');
    expect(moved.after).toBe(pull.headSha());
    expect(moved.pull_request.head.sha).toBe(moved.after);
    expect(moved.before).not.toBe(moved.after);
    expect(moved.sender.login).toBe('pusher');
  });

  it('have all fields of the published examples, with the same types', async () => {
    const { received } = await story();
    const missing = examples.flatMap(({ event, action, payload }) => {
      const name = [event, action].filter(Boolean).join('.');
      const own = received.find((each) => eventOf(each) === name);
      return own === undefined ? [name] : differences(payload, JSON.parse(own.body), name);
    });
    expect(missing).toEqual([]);
  });

  it('are not sent when the app is not installed, and after there is no address', async () => {
    const { received, url } = await receive();
    const { github } = await simulate({ webhook: { url, secret } });
    await github.createRepository({ name: 'shop', files: { a: 'a' }, installed: false });
    await github.push({ repository: REPOSITORY, branch: 'feature', files: { a: 'b' } });
    await github.openPullRequest({ repository: REPOSITORY, head: 'feature', title: 'A' });
    github.setWebhook(undefined);
    await github.createRepository({ name: 'second', files: { a: 'a' } });
    await github.push({ repository: 'octo-org/second', branch: 'feature', files: { a: 'b' } });
    await github.openPullRequest({ repository: 'octo-org/second', head: 'feature', title: 'A' });
    await github.settled();
    expect(received.map(eventOf)).toEqual(['ping']);
  });
});

describe('deliveries', () => {
  it('are listed by the app, newest first and by status, and sent again with the same GUID', async () => {
    let status = 500;
    const { url, received } = await receive(() => status);
    const { simulation, github } = await withPullRequest({ webhook: { url, secret } });
    await github.settled();
    const get = async (path: string) => simulation.send('GET', path, { token: simulation.jwt() });
    const failed = await get('/app/hook/deliveries?status=failure');
    expect(failed.body).toMatchObject([
      { event: 'pull_request', action: 'opened', status_code: 500, redelivery: false },
      { event: 'ping', status_code: 500 },
    ]);
    const [opened] = failed.body;
    expect((await get(`/app/hook/deliveries/${opened.id}`)).body).toMatchObject({
      request: { payload: { action: 'opened' } },
      response: { payload: '{}' },
    });
    status = 202;
    const path = `/app/hook/deliveries/${opened.id}/attempts`;
    const again = await simulation.send('POST', path, { token: simulation.jwt() });
    expect(again).toMatchObject({ status: 202, body: {} });
    await github.settled();
    expect((await get('/app/hook/deliveries?status=success')).body).toMatchObject([
      { guid: opened.guid, redelivery: true, status: 'OK', status_code: 202 },
    ]);
    const [first, second] = received.filter((each) => eventOf(each) === 'pull_request.opened');
    expect(second?.headers['x-github-delivery']).toBe(first?.headers['x-github-delivery']);
    expect(second?.body).toBe(first?.body);
    simulation.clock.now += 3 * 86_400_000;
    expect((await get('/app/hook/deliveries')).body).toEqual([]);
  });

  it('are paged by a cursor', async () => {
    const { url } = await receive();
    const { simulation, pull, github } = await withPullRequest({ webhook: { url, secret } });
    await pull.moveHead();
    await github.settled();
    const token = simulation.jwt();
    const first = await simulation.send('GET', '/app/hook/deliveries?per_page=2', { token });
    const next = /<([^>]+)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
    await pull.moveHead();
    const { pathname, search } = new URL(next);
    const second = await simulation.send('GET', `${pathname}${search}`, { token });
    const names = [...first.body, ...second.body].map(({ event, action }) => `${event} ${action}`);
    expect(names).toEqual(['pull_request synchronize', 'pull_request opened', 'ping null']);
    expect(second.headers.get('link')).toBeNull();
  });

  it('fail when the answer takes too long', async () => {
    const never = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(never, 'listening');
    onTestFinished(() => {
      never.close();
      never.closeAllConnections();
    });
    const url = `http://127.0.0.1:${(never.address() as AddressInfo).port}/`;
    const { github } = await simulate({ webhook: { url, secret }, deliveryTimeoutMs: 50 });
    await github.settled();
    expect(github.deliveries()).toMatchObject([{ event: 'ping', status: 'timed out', status_code: 0 }]);
  });

  it('fail without a receiver, and when they are lost', async () => {
    const receiver = await receive();
    const { github, pull } = await withPullRequest({ webhook: { url: receiver.url, secret } });
    await github.settled();
    github.faultDeliveries('lost', 'twice');
    await pull.moveHead();
    await pull.moveHead();
    await github.settled();
    expect(receiver.received.map(eventOf)).toEqual([
      'ping',
      'pull_request.opened',
      'pull_request.synchronize',
      'pull_request.synchronize',
    ]);
    const [lost, first, second] = github.deliveries().slice(2);
    expect(lost).toMatchObject({ status_code: 0, status: 'failed to connect to host' });
    expect(first?.guid).toBe(second?.guid);
    github.setWebhook({ url: 'http://127.0.0.1:9/hook', secret });
    await github.settled();
    expect(github.deliveries().at(-1)).toMatchObject({ event: 'ping', status: 'failed to connect to host' });
  });
});

/** Fields of other kinds of repositories, apps and users than the simulation has. */
const OTHERS = new RegExp(
  [
    String.raw`\.(labels|assignees?|requested_reviewers|requested_teams|topics|license|pull_requests|milestone)\b`,
    String.raw`^ping\.(repository|organization|sender|hook\.(url|test_url|ping_url|last_response))\b`,
    String.raw`\.(repo\.custom_properties|permissions\.members|check_suite\.app\.permissions\.\w+)$`,
  ].join('|'),
);

function differences(example: unknown, own: unknown, path: string): string[] {
  if (example === null || own === null || OTHERS.test(path)) return [];
  if (typeof example !== typeof own || Array.isArray(example) !== Array.isArray(own)) return [`${path}: ${typeof own}`];
  if (typeof example !== 'object' || Array.isArray(example)) return [];
  return Object.entries(example).flatMap(([name, value]) =>
    differences(value, (own as Record<string, unknown>)[name], `${path}.${name}`),
  );
}
