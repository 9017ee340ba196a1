import { expect, it } from 'vitest';
import { z } from 'zod';
import { GithubClient } from '../../github/client.ts';
import type { Publishing } from '../../github/publishing.ts';
import { pullRequest, review } from './support.ts';

/** A pull request on which a user has a pending review, and the reviews that this user sees. */
async function pendingOf(login: string) {
  const on = await pullRequest();
  const access = { url: on.github.url, token: on.github.createToken({ user: login }) };
  const client = new GithubClient(access);
  const path = `/repos/octo-org/shop/pulls/${on.pull.number}/reviews`;
  await client.post(path, { body: 'Left by a crash.', comments: [] }, z.looseObject({}));
  const states = async (): Promise<string[]> =>
    (await client.list(path, z.object({ state: z.string() }))).map(({ state }) => state);
  expect(await states()).toEqual(['PENDING']);
  const publish = async (more: Partial<Publishing> = {}) => on.publish(review(), {}, { access, login, ...more });
  return { ...on, states, publish };
}

it('a pending review of the app itself is deleted, since it would block each of its reviews', async () => {
  const { states, publish } = await pendingOf('fleet-review[bot]');
  const announced: string[] = [];
  const beforePost: Publishing['beforePost'] = async ({ kind }) => {
    announced.push(kind);
    return false;
  };
  expect(await publish({ beforePost })).toMatchObject({ kind: 'posted' });
  expect(await states()).toEqual(['CHANGES_REQUESTED']);
  expect(announced).toEqual(['deletion', 'review']);
});

it('a pending review of a person may be a draft, so it is kept, and nothing is posted', async () => {
  const { states, publish } = await pendingOf('reviewer');
  expect(await publish()).toMatchObject({ kind: 'not-posted', reason: 'pending' });
  expect(await states()).toEqual(['PENDING']);
});

it('a pending review on a pull request that has moved on is left alone', async () => {
  const { pull, states, publish } = await pendingOf('fleet-review[bot]');
  await pull.close();
  expect(await publish()).toMatchObject({ kind: 'not-posted', reason: 'closed' });
  expect(await states()).toEqual(['PENDING']);
});
