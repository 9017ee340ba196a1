import { describe, expect, it } from 'vitest';
import { limitsSchema, planReview } from '../../change/plan.ts';
import { GithubClient } from '../../github/client.ts';
import { readMergeBase, readPull } from '../../github/read-pull.ts';
import { readChange } from '../../pull-request/read-change.ts';
import { reviewing } from './reviewing.ts';

type Files = Parameters<Awaited<ReturnType<typeof reviewing>>['github']['push']>[0]['files'];

const repository = 'octo-org/shop';
const steps = Array.from({ length: 20 }, (_, at) => `  step${at}();`);
const source = (last: string): string =>
  ['export function checkout(cart) {', ...steps, `  ${last}`, '}', ''].join('\n');

/** A pull request that changes the files of a repository, as the reviewer reads it. */
async function read(before: Files, after: Files) {
  const { github, ports, order } = await reviewing();
  await github.push({ repository, branch: 'main', files: before });
  await github.push({ repository, branch: 'other', files: after, onto: 'main' });
  const { number } = await github.openPullRequest({ repository, head: 'other', title: 'Change' });
  const client = new GithubClient(await ports.access.to(order()));
  const pull = await readPull(client, `/repos/${repository}/pulls/${number}`);
  if (pull === null) throw new Error('There is no pull request.');
  const change = await readChange(client, { repository, number }, pull, await readMergeBase(client, repository, pull));
  return { change, plan: planReview(change.files, limitsSchema.parse({}), (path) => change.contents.get(path)) };
}

describe('a pull request on GitHub', () => {
  it.each([
    ['a file that is renamed and changed', { 'cart.js': null, 'basket.js': source('pay(cart);') }, 'basket.js'],
    ['a changed file', { 'cart.js': source('pay(cart);') }, 'cart.js'],
  ])('is read with the enclosing functions: of %s', async (_, after, path) => {
    const { plan } = await read({ 'cart.js': source('return;') }, after);
    const [file] = plan.files;
    expect(file).toMatchObject({ path });
    expect(file?.hunks[0]?.context).toContain('export function checkout(cart) {');
  });

  it('names a file of which only the mode changes, though GitHub does not tell modes', async () => {
    const content = '#!/bin/sh\nexit 0\n';
    const { change } = await read({ 'run.sh': content }, { 'run.sh': { content, mode: '100755' } });
    expect(change.files).toEqual([]);
    expect(change.unread).toMatchObject([
      { path: 'run.sh', reason: 'binary', detail: expect.stringContaining('mode') },
    ]);
  });

  it('names a binary file', async () => {
    const image = (last: number): Buffer => Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, last]);
    const { change } = await read({ 'logo.png': image(1) }, { 'logo.png': image(2) });
    expect(change.unread).toMatchObject([{ path: 'logo.png', reason: 'binary' }]);
  });
});
