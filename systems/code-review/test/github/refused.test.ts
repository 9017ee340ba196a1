import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { GithubClient } from '../../github/client.ts';
import { readFolder, readPull, readText } from '../../github/read-pull.ts';
import { prepareReview } from '../../pull-request/prepare.ts';
import { orWait } from '../../pull-request/step.ts';
import { execution, reviewing } from '../pull-request/reviewing.ts';
import { intercept, pullRequest, review } from './support.ts';

const NOT_ACCESSIBLE =
  'There is at least one repository that does not exist or is not accessible to the parent installation.';
const access = { url: 'https://github.example', token: 't' };
const PULL = '/repos/octo-org/shop/pulls/1';

describe('a repository that the app has lost', () => {
  it('ends the review as rejected: GitHub issues no token for it, with 422', async () => {
    const on = await reviewing();
    intercept((_, url) => (url.endsWith('/access_tokens') ? [422, { message: NOT_ACCESSIBLE }] : null));
    await expect(on.ports.access.to(on.order())).rejects.toMatchObject({ kind: 'forbidden', status: 422 });
    const prepared = await orWait(on.ports.access, async () => prepareReview(on.ports, on.order(), execution('first')));
    expect(prepared).toEqual({ outcome: 'rejected', reason: `GitHub answered 422: ${NOT_ACCESSIBLE}` });
  });

  it('is told from a review that GitHub rejects with 422, which is tried again', async () => {
    const { pull, publish } = await pullRequest();
    let rejections = 1;
    const rejected = [422, { message: 'Validation Failed', errors: ['line must be part of the diff'] }] as const;
    intercept((method) => (method === 'POST' && rejections-- > 0 ? rejected : null));
    expect(await publish(review())).toMatchObject({ kind: 'posted' });
    expect(pull.record().comments).toEqual([]);
  });
});

describe('what GitHub refuses', () => {
  const reads = {
    'a pull request': async (client: GithubClient) => readPull(client, PULL),
    'a text': async (client: GithubClient) => readText(client, 'octo-org/shop', 'cart.ts', 'main'),
    'a folder': async (client: GithubClient) => readFolder(client, 'octo-org/shop', '', 'main'),
  };
  const cases = Object.entries(reads).flatMap(([what, read]) =>
    [401, 403].map((status) => [what, status, read] as const),
  );

  it.each(cases)('such as %s with %i is an error, not something that is missing', async (_, status, read) => {
    intercept(() => [status, { message: 'No.' }]);
    await expect(read(new GithubClient(access))).rejects.toMatchObject({ kind: 'forbidden', status });
  });

  it.each(Object.entries(reads))('such as %s with 404 is missing', async (_, read) => {
    intercept(() => [404, { message: 'Not Found' }]);
    expect(await read(new GithubClient(access))).toSatisfy(
      (found) => found === null || z.array(z.never()).safeParse(found).success,
    );
  });

  it('with 401 gets a new token at the next attempt, and with 403 ends the review', async () => {
    const on = await reviewing();
    const step = async () =>
      orWait(on.ports.access, async () => prepareReview(on.ports, on.order(), execution('first')));
    const tokens: string[] = [];
    let status = 401;
    intercept((_, url) => {
      if (url.endsWith('/access_tokens')) tokens.push(url);
      return url.endsWith(`/pulls/${on.pull.number}`) && status !== 200
        ? [status, { message: 'Bad credentials' }]
        : null;
    });
    await expect(step()).rejects.toMatchObject({ status: 401 });
    await expect(step()).rejects.toMatchObject({ status: 401 });
    expect(tokens).toHaveLength(2);
    status = 403;
    expect(await step()).toMatchObject({ outcome: 'rejected' });
    expect(on.claim()).toBeUndefined();
    status = 200;
    expect(await step()).toEqual({ outcome: 'review' });
    expect(tokens).toHaveLength(3);
  });
});
