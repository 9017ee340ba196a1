import { describe, expect, it } from 'vitest';
import { CHECK_NAME } from '../../pull-request/event.ts';
import { signatureOf } from '../../pull-request/signature.ts';
import { exampleOf, examplesOf, receiver, type Payload } from './deliveries.ts';

/** Actions of `pull_request` that start an execution, and what they ask for. All others ask for nothing. */
const ORDERS: Readonly<Record<string, string>> = {
  opened: 'review',
  synchronize: 'review',
  reopened: 'review',
  ready_for_review: 'review',
  closed: 'stop',
  converted_to_draft: 'stop',
};

const all = ['pull_request', 'check_run', 'check_suite', 'issue_comment', 'ping'].flatMap((event) =>
  examplesOf(event).map((payload, nth) => ({ event, payload, name: `${event}.${payload.action ?? ''} ${nth}` })),
);

const named = { name: expect.stringMatching(/^pr-\d+-[0-9a-f]{40}$/) as string };

/** “Re-run all checks”: GitHub's example names the pull request 2. */
function expectedOfSuite({ action, check_suite: suite, installation, repository }: Payload) {
  if (action !== 'rerequested') return null;
  const { head_sha: head } = suite as { head_sha: string };
  const about = {
    repository: (repository as { full_name: string }).full_name,
    installation: (installation as { id: number }).id,
  };
  return { ...named, order: { kind: 'again', ...about, number: 2, head, before: null, pushed: false } };
}

/** The execution that an example starts; null for none. */
function expectedOf(event: string, payload: Payload) {
  if (event === 'check_suite') return expectedOfSuite(payload);
  const kind = event === 'pull_request' ? ORDERS[payload.action ?? ''] : undefined;
  if (kind === undefined) return null;
  const { full_name: repository } = payload['repository'] as { full_name: string };
  const { id: installation = null } = (payload['installation'] ?? {}) as { id?: number };
  const { head } = payload['pull_request'] as { head: { sha: string } };
  // What stops a review is about no commit, and further pushes follow only a push.
  const pushed = payload.action === 'synchronize';
  const about = {
    head: kind === 'stop' ? null : head.sha,
    before: pushed ? (payload['before'] ?? null) : null,
    pushed,
  };
  const order = { kind, repository, number: payload['number'], installation, ...about };
  return { ...named, order };
}

/** The example with something else in it, as JSON. */
const changed = (payload: Payload, change: object): string => JSON.stringify({ ...payload, ...change });

describe('each example that GitHub publishes, signed', () => {
  it('is there in all actions that matter', () => {
    const actions = new Set(all.filter(({ event }) => event === 'pull_request').map(({ payload }) => payload.action));
    expect([...actions]).toEqual(expect.arrayContaining(Object.keys(ORDERS)));
    expect(all.length).toBeGreaterThan(45);
  });

  it.each(all)('$name has its outcome', async ({ event, payload }) => {
    const { send, started } = receiver();
    const { status, body } = await send({ event, body: JSON.stringify(payload) });
    const expected = expectedOf(event, payload);
    expect(started).toEqual(expected === null ? [] : [expected]);
    expect(status).toBe(expected === null ? 200 : 202);
    const names = started.map(({ name }) => name);
    const start = event === 'check_suite' ? { executions: names } : { execution: names[0] };
    const ignored = { ignored: expect.stringMatching(/^(a|event|action) /) as string };
    expect(body).toEqual(expected === null ? ignored : start);
  });

  it.each(all)('$name has the same answer when it is delivered again', async ({ event, payload }) => {
    const { send, started } = receiver();
    const delivery = { event, body: JSON.stringify(payload) };
    const first = await send(delivery);
    expect(await send({ ...delivery, isBase64Encoded: true })).toEqual(first);
    expect(new Set(started.map(({ name }) => name)).size).toBeLessThanOrEqual(1);
  });

  it.each(all)('$name is rejected with another signature, and starts nothing', async ({ event, payload }) => {
    const { send, started } = receiver();
    const body = JSON.stringify(payload);
    const headers = { 'X-Hub-Signature-256': signatureOf('another secret', Buffer.from(body)) };
    expect(await send({ event, body, headers })).toMatchObject({ status: 401 });
    expect(started).toEqual([]);
  });
});

describe('a person asks for another review', () => {
  it.each([
    ['MEMBER', 202],
    ['OWNER', 202],
    ['COLLABORATOR', 202],
    ['CONTRIBUTOR', 200],
    ['NONE', 200],
  ])('by the comment /review of a %s: %i', async (association, status) => {
    const { send, started } = receiver();
    const example = exampleOf('issue_comment', 'created');
    const body = changed(example, {
      issue: { ...(example['issue'] as object), pull_request: {} },
      comment: { ...(example['comment'] as object), body: 'Please:\n/review', author_association: association },
    });
    expect(await send({ event: 'issue_comment', body })).toMatchObject({ status });
    expect(started.map(({ order }) => order.kind)).toEqual(status === 202 ? ['again'] : []);
  });

  it('by “Re-run” on our check run', async () => {
    const { send, started } = receiver();
    const example = exampleOf('check_run', 'rerequested');
    const run = { ...(example['check_run'] as object), name: CHECK_NAME, external_id: 'github/hello-world#7' };
    expect(await send({ event: 'check_run', body: changed(example, { check_run: run }) })).toMatchObject({
      status: 202,
    });
    expect(started).toMatchObject([{ order: { kind: 'again', repository: 'github/hello-world', number: 7 } }]);
  });
});

describe('“Re-run all checks”', () => {
  const example = exampleOf('check_suite', 'rerequested');
  const suite = example['check_suite'] as { head_sha: string; pull_requests: { base: { repo: object } }[] };
  const { full_name: repository } = example['repository'] as { full_name: string };
  const [pull] = suite.pull_requests;
  const withPulls = (pulls: readonly unknown[]) =>
    changed(example, { check_suite: { ...suite, head_branch: null, before: null, after: null, pull_requests: pulls } });
  const rerun = async (body: string, heads = {}) => {
    const { send, started } = receiver({ heads });
    const { status } = await send({ event: 'check_suite', body });
    return { status, numbers: started.map(({ order }) => order.number) };
  };

  it('of a fork’s pull request, which GitHub does not name, reviews those with this head', async () => {
    const heads = { [`${repository}@${suite.head_sha}`]: [7, 8] };
    expect(await rerun(withPulls([]), heads)).toEqual({ status: 202, numbers: [7, 8] });
  });

  it('of a commit that is the head of nothing is ignored', async () => {
    expect(await rerun(withPulls([]))).toEqual({ status: 200, numbers: [] });
  });

  it('in a fork does not review the original repository’s pull request of the same number', async () => {
    const foreign = { ...pull, base: { ...pull?.base, repo: { ...pull?.base.repo, id: 1 } } };
    expect(await rerun(withPulls([foreign]))).toEqual({ status: 200, numbers: [] });
  });
});

describe('a draft', () => {
  const draft = () => {
    const example = exampleOf('pull_request', 'opened');
    return changed(example, { pull_request: { ...(example['pull_request'] as object), draft: true } });
  };

  it('is ignored, unless the settings say otherwise', async () => {
    expect(await receiver().send({ event: 'pull_request', body: draft() })).toMatchObject({
      status: 200,
      body: { ignored: 'a draft' },
    });
    expect(await receiver({ drafts: true }).send({ event: 'pull_request', body: draft() })).toMatchObject({
      status: 202,
    });
  });
});

describe('a bad delivery', () => {
  const opened = exampleOf('pull_request', 'opened');
  const example = JSON.stringify(opened);
  const pull = opened['pull_request'] as object;

  it.each([
    ['no signature', undefined],
    ['an empty one', ''],
    ['a SHA-1', `sha1=${'0'.repeat(40)}`],
    ['a short one', 'sha256=00'],
    ['one in capitals', signatureOf('a secret of the tests', Buffer.from(example)).toUpperCase()],
  ])('with %s is rejected with 401 and a remedy', async (_, signature) => {
    const { send, started } = receiver();
    const headers = { 'X-Hub-Signature-256': signature };
    const { status, text } = await send({ event: 'pull_request', body: example, headers });
    expect({ status, started }).toEqual({ status: 401, started: [] });
    expect(text).toContain('github-webhook');
  });

  it('of a body that was changed after it was signed is rejected', async () => {
    const { send } = receiver();
    const headers = { 'X-Hub-Signature-256': signatureOf('a secret of the tests', Buffer.from(example)) };
    expect(await send({ event: 'pull_request', body: `${example} `, headers })).toMatchObject({ status: 401 });
  });

  it('of an unknown event is ignored by its name', async () => {
    for (const event of ['star', 'merge_group', 'constructor'])
      expect(await receiver().send({ event, body: '{}' })).toMatchObject({
        status: 200,
        body: { ignored: `event ${event}` },
      });
  });

  it.each(['', '{', 'null, 1', '\u0000'])('with the body %j, which is not JSON, is rejected with 400', async (body) => {
    const { send, started } = receiver();
    expect(await send({ event: 'pull_request', body })).toMatchObject({ status: 400 });
    expect(started).toEqual([]);
  });

  it.each(['null', '[]', '"text"', '1', '{}'])('with the payload %s is rejected with 400', async (body) => {
    for (const event of ['pull_request', 'check_run', 'check_suite', 'issue_comment'])
      expect(await receiver().send({ event, body })).toMatchObject({ status: 400 });
  });

  it.each([
    ['number', { number: undefined }],
    ['number', { number: -1 }],
    ['action', { action: undefined }],
    ['repository', { repository: undefined }],
    ['repository.full_name', { repository: { full_name: '../../etc/passwd' } }],
    ['pull_request', { pull_request: undefined }],
    ['pull_request.head.sha', { pull_request: { ...pull, head: { sha: 'main' } } }],
    ['pull_request.base.ref', { pull_request: { ...pull, base: {} } }],
    ['installation.id', { installation: { id: 'one' } }],
  ])('that lacks %s, or has a wrong one, names it', async (field, change) => {
    const { send, started } = receiver();
    const { status, body } = await send({ event: 'pull_request', body: changed(opened, change) });
    expect({ status, started }).toEqual({ status: 400, started: [] });
    expect(body['errors']).toMatchObject([{ field, remedy: expect.stringContaining('docs.github.com') }]);
  });

  it.each(['X-GitHub-Event', 'X-GitHub-Delivery'])('without the header %s names it', async (header) => {
    const { status, body } = await receiver().send({
      event: 'pull_request',
      body: example,
      headers: { [header]: undefined },
    });
    expect({ status, errors: body['errors'] }).toMatchObject({
      status: 400,
      errors: [{ field: header.toLowerCase(), remedy: expect.stringContaining('docs.github.com') }],
    });
  });

  it('without any header is rejected, not a failure', async () => {
    expect(await receiver().answer({}, example)).toMatchObject({ status: 401 });
  });
});
