import { describe, expect, it } from 'vitest';
import { lines, REPOSITORY, simulate, withPullRequest, type Json, type Simulation } from './support.ts';
import type { FileContent } from '../src/index.ts';

const api = `/repos/${REPOSITORY}`;

/** A pull request that turns `before` into `after`. */
async function change(before: Record<string, FileContent>, after: Record<string, FileContent | null>) {
  const simulation = await simulate();
  const { github } = simulation;
  const repository = await github.createRepository({ name: 'shop', files: { 'README.md': '# Shop\n', ...before } });
  await github.push({ repository: REPOSITORY, branch: 'feature', files: after });
  const pull = await github.openPullRequest({ repository: REPOSITORY, head: 'feature', title: 'A' });
  const token = await simulation.installationToken(repository.installationId);
  const get = async (path: string, headers: Record<string, string> = {}) =>
    simulation.send('GET', path, { token, headers });
  const files = async (): Promise<Json[]> => (await get(`${api}/pulls/1/files?per_page=100`)).body;
  return { simulation, github, pull, token, get, files };
}

const SUBMODULE = 'd'.repeat(40);

describe('the files of a pull request', () => {
  it('have their status, counts and patch', async () => {
    const { files } = await change(
      { 'a.txt': 'a\n', 'gone.txt': 'gone\n', 'old.txt': lines(), 'crlf.txt': 'one\r\ntwo\r\n', 'end.txt': 'x' },
      {
        'a.txt': 'b\n',
        'gone.txt': null,
        'old.txt': null,
        'neu ü.txt': lines({ 3: 'three' }),
        'crlf.txt': 'one\r\nthree\r\n',
        'end.txt': 'y',
        'new.txt': 'new\n',
      },
    );
    expect(await files()).toMatchObject([
      { filename: 'a.txt', status: 'modified', additions: 1, deletions: 1, changes: 2, patch: '@@ -1 +1 @@\n-a\n+b' },
      { filename: 'crlf.txt', patch: '@@ -1,2 +1,2 @@\n one\r\n-two\r\n+three\r' },
      { filename: 'end.txt', patch: '@@ -1 +1 @@\n-x\n\\ No newline at end of file\n+y\n\\ No newline at end of file' },
      { filename: 'gone.txt', status: 'removed', additions: 0, deletions: 1 },
      { filename: 'neu ü.txt', previous_filename: 'old.txt', status: 'renamed', changes: 2 },
      { filename: 'new.txt', status: 'added', patch: '@@ -0,0 +1 @@\n+new' },
    ]);
  });

  it.each([
    ['a binary file', { 'a.bin': Buffer.from([0, 1]) }, { 'a.bin': Buffer.from([0, 2]) }, 'modified'],
    ['a mode', { 'run.sh': 'x\n' }, { 'run.sh': { content: 'x\n', mode: '100755' } }, 'modified'],
    ['a renamed file', { a: lines() }, { a: null, b: lines() }, 'renamed'],
    ['an empty file', {}, { empty: '' }, 'added'],
  ] as const)('have no patch for %s', async (_, before, after, status) => {
    const { files } = await change(before, after);
    const [file, ...others] = await files();
    expect(others).toEqual([]);
    expect(file).toMatchObject({ status, changes: 0 });
    expect(file).not.toHaveProperty('patch');
  });

  it('show a submodule, a link, and text that is not UTF-8', async () => {
    const { files, get } = await change(
      { latin: Buffer.from([0x61, 0xe4, 0x0a]), link: 'text\n' },
      {
        latin: Buffer.from([0x62, 0xe4, 0x0a]),
        link: { content: 'latin', mode: '120000' },
        sub: { submodule: SUBMODULE },
        '.gitmodules': '[submodule "sub"]\n\tpath = sub\n\turl = https://example.com/sub.git\n',
      },
    );
    expect((await files()).slice(1)).toMatchObject([
      { filename: 'latin', patch: '@@ -1 +1 @@\n-a\ufffd\n+b\ufffd' },
      { filename: 'link', status: 'changed', additions: 1, deletions: 1 },
      { filename: 'sub', sha: SUBMODULE, patch: `@@ -0,0 +1 @@\n+Subproject commit ${SUBMODULE}` },
    ]);
    const latin = await get(`${api}/contents/latin?ref=feature`);
    expect(Buffer.from(latin.body.content, 'base64')).toEqual(Buffer.from([0x62, 0xe4, 0x0a]));
    expect((await get(`${api}/contents/link?ref=feature`)).body).toMatchObject({ type: 'symlink', target: 'latin' });
    expect((await get(`${api}/contents/sub?ref=feature`)).body).toMatchObject({
      type: 'submodule',
      sha: SUBMODULE,
      submodule_git_url: 'https://example.com/sub.git',
    });
  });

  it('are parsed right when their lines look like a diff', async () => {
    const nasty =
      'diff --git a/x b/x\n@@ -1 +1 @@\n-- a\n++ b\n\\ No newline at end of file\nx\rdiff --git a/y b/y\u2028@@ z\n';
    const { files, token, simulation, pull } = await change({ n: 'x\n' }, { n: nasty, 'o.txt': 'o\n' });
    const [first, second] = await files();
    expect(first).toMatchObject({ filename: 'n', additions: 6, deletions: 1 });
    expect(second).toMatchObject({ filename: 'o.txt', patch: '@@ -0,0 +1 @@\n+o' });
    const body = { event: 'COMMENT', body: 'x', comments: [{ path: 'n', line: 6, body: 'The last line.' }] };
    const answer = await simulation.send('POST', `${api}/pulls/1/reviews`, { token, body });
    expect(answer.status).toBe(200);
    expect(pull.record().comments).toMatchObject([{ line: 6 }]);
  });

  it('lose their patch beyond the limits of a diff', async () => {
    const many = (count: number) => Array.from({ length: count }, (_, index) => `${index}\n`).join('');
    const { files, get } = await change({}, { a: many(15_000), b: many(10_000), c: 'x'.repeat(600_000), d: 'd\n' });
    const found = await files();
    expect(found.map(({ filename, patch }) => [filename, patch !== undefined])).toEqual([
      ['a', true],
      ['b', false],
      ['c', false],
      ['d', false],
    ]);
    expect(found).toMatchObject([{ additions: 15_000 }, { additions: 10_000 }, { additions: 1 }, { additions: 1 }]);
    const diff = await get(`${api}/pulls/1`, { accept: 'application/vnd.github.diff' });
    expect(diff).toMatchObject({ status: 406, body: { errors: [{ code: 'too_large' }] } });
  });

  it('are 3,000 at most, 30 a page and 100 at most', async () => {
    const names = Array.from({ length: 3_001 }, (_, index) => [`f${String(index).padStart(4, '0')}`, `${index}\n`]);
    const { get, simulation, token } = await change({}, Object.fromEntries(names) as Record<string, string>);
    const first = await get(`${api}/pulls/1/files`);
    expect(first.body).toHaveLength(30);
    expect(first.headers.get('link')).toMatch(/[?&]page=2>; rel="next", <[^>]+[?&]page=100>; rel="last"$/);
    expect((await get(`${api}/pulls/1/files?per_page=1000`)).body).toHaveLength(100);
    const all = await allPages(simulation, token, `${api}/pulls/1/files?per_page=100`);
    expect(all).toHaveLength(3_000);
    expect(all.at(-1)).toMatchObject({ filename: 'f2999' });
    expect((await get(`${api}/pulls/1`)).body.changed_files).toBe(3_001);
    const diff = await get(`${api}/pulls/1`, { accept: 'application/vnd.github.v3.diff' });
    expect(diff.body.message).toMatch(/^Sorry, the diff exceeded the maximum number of files \(300\)/);
    expect((await get(`${api}/compare/main...feature`)).body.files).toHaveLength(300);
  });

  it('are none for an empty commit', async () => {
    const { files, get } = await change({}, {});
    expect(await files()).toEqual([]);
    expect((await get(`${api}/pulls/1`)).body).toMatchObject({ changed_files: 0, additions: 0, commits: 1 });
  });
});

async function allPages(simulation: Simulation, token: string, first: string): Promise<Json[]> {
  const found: Json[] = [];
  for (let next: string | undefined = first; next !== undefined;) {
    const page = await simulation.send('GET', next, { token });
    found.push(...page.body);
    const link: string | undefined = /<([^>]+)>; rel="next"/.exec(page.headers.get('link') ?? '')?.[1];
    next = link === undefined ? undefined : link.slice(simulation.github.url.length);
  }
  return found;
}

describe('contents', () => {
  it('are read at a commit: files, folders, raw bytes and blobs', async () => {
    const { get, pull } = await change({ 'src/a b.ts': 'old\n' }, { 'src/a b.ts': 'new\n' });
    const file = await get(`${api}/contents/src/a%20b.ts?ref=${pull.headSha()}`);
    expect(file.body).toMatchObject({ type: 'file', path: 'src/a b.ts', size: 4, content: 'bmV3Cg==\n' });
    expect((await get(`${api}/contents/src/a%20b.ts`)).body.content).toBe('b2xkCg==\n');
    const raw = await get(`${api}/contents/src/a%20b.ts?ref=feature`, { accept: 'application/vnd.github.raw+json' });
    expect(raw.body).toBe('new\n');
    const blob = await get(`${api}/git/blobs/${file.body.sha}`);
    expect(blob.body).toMatchObject({ content: 'bmV3Cg==\n', encoding: 'base64', size: 4 });
    expect((await get(`${api}/contents`)).body).toMatchObject([{ name: 'README.md' }, { name: 'src', type: 'dir' }]);
    expect((await get(`${api}/contents/src/`)).body).toMatchObject([{ path: 'src/a b.ts' }]);
  });

  it.each([
    ['/contents/absent', 404, 'Not Found'],
    ['/contents/README.md/more', 404, 'Not Found'],
    ['/contents/..%2F..%2Fetc', 404, 'Not Found'],
    ['/contents/README.md?ref=absent', 404, 'No commit found for the ref absent'],
    ['/contents/README.md?ref=--output%3Dx', 404, 'No commit found for the ref --output=x'],
    ['/contents/README.md?ref=main%7E1', 404, 'No commit found for the ref main~1'],
    [`/git/blobs/${'0'.repeat(40)}`, 404, 'Not Found'],
    ['/git/blobs/main', 422, 'The sha parameter must be exactly 40 characters and contain only [0-9a-f].'],
    ['/compare/main...absent', 404, 'Not Found'],
  ])('answer %s with %i', async (path, status, message) => {
    const { get } = await change({}, { a: 'a\n' });
    expect(await get(`${api}${path}`)).toMatchObject({ status, body: { message } });
  });

  it('of more than a megabyte have no content, as on GitHub', async () => {
    const { get } = await change({}, { big: 'x'.repeat(1_000_001) });
    const big = await get(`${api}/contents/big?ref=feature`);
    expect(big.body).toMatchObject({ content: '', encoding: 'none', size: 1_000_001 });
    expect((await get(`${api}/git/blobs/${big.body.sha}`)).body.size).toBe(1_000_001);
  });
});

it('compares commits', async () => {
  const { get, github, pull } = await change({ a: 'a\n' }, { a: 'b\n' });
  const first = pull.headSha();
  await github.push({ repository: REPOSITORY, branch: 'feature', files: { c: 'c\n' } });
  await github.push({ repository: REPOSITORY, branch: 'main', files: { d: 'd\n' } });
  const since = (await get(`${api}/compare/${first}...feature`)).body;
  expect(since).toMatchObject({ status: 'ahead', ahead_by: 1, behind_by: 0, files: [{ filename: 'c' }] });
  const all = (await get(`${api}/compare/main...feature`)).body;
  // Where the feature left main, before both went on.
  expect(all.merge_base_commit.sha).toBe(pull.baseSha());
  expect(all.base_commit.sha).not.toBe(pull.baseSha());
  expect(all).toMatchObject({ status: 'diverged', ahead_by: 2, behind_by: 1, total_commits: 2 });
  expect((await get(`${api}/compare/main...main`)).body).toMatchObject({ status: 'identical', commits: [] });
});

it('lists pull requests by state, branch and order', async () => {
  const { simulation, github, send, pull } = await withPullRequest();
  await github.push({ repository: REPOSITORY, branch: 'second', files: { b: 'b\n' } });
  await github.openPullRequest({ repository: REPOSITORY, head: 'second', title: 'B', draft: true });
  simulation.clock.now += 1_000;
  await pull.close({ merge: true });
  const list = async (query: string): Promise<number[]> =>
    ((await send('GET', `${api}/pulls?${query}`)).body as { number: number }[]).map(({ number }) => number);
  expect(await list('')).toEqual([2]);
  expect(await list('state=all')).toEqual([2, 1]);
  expect(await list('state=all&sort=updated&direction=desc')).toEqual([1, 2]);
  expect(await list('state=closed&head=octo-org:feature')).toEqual([1]);
  expect(await list('base=other')).toEqual([]);
  const merged = (await send('GET', '')).body;
  expect(merged).toMatchObject({ merged: true, state: 'closed', number: 1 });
  expect(merged.merge_commit_sha).toMatch(/^[0-9a-f]{40}$/);
  expect((await send('GET', 'commits')).body).toHaveLength(1);
});

it('shows the pull request of a fork', async () => {
  const { github, send } = await withPullRequest();
  await github.createRepository({ owner: 'stranger', name: 'shop', forkOf: REPOSITORY });
  await github.push({ repository: 'stranger/shop', branch: 'patch-1', files: { 'x.ts': 'x\n' } });
  const head = 'stranger/shop:patch-1';
  const pull = await github.openPullRequest({ repository: REPOSITORY, head, title: 'From a fork', author: 'stranger' });
  const shown = (await send('GET', `${api}/pulls/2`)).body;
  expect(shown).toMatchObject({
    author_association: 'CONTRIBUTOR',
    head: { label: 'stranger:patch-1', repo: { fork: true } },
  });
  expect((await send('GET', `${api}/pulls/2/files`)).body).toMatchObject([{ filename: 'x.ts' }]);
  // The base has the head's commit, and the fork itself is not the app's to read.
  expect((await send('GET', `${api}/contents/x.ts?ref=${pull.headSha()}`)).status).toBe(200);
  expect((await send('GET', '/repos/stranger/shop')).status).toBe(404);
  github.removeRepository('stranger/shop');
  expect((await send('GET', `${api}/pulls/2`)).body.head).toMatchObject({ repo: null, sha: pull.headSha() });
  expect((await send('GET', `${api}/pulls/2/files`)).body).toMatchObject([{ filename: 'x.ts' }]);
});

it('keeps every one of many pushes at once', async () => {
  const { github, pull, send } = await withPullRequest();
  const files = (n: number) => ({ [`storm-${n}.txt`]: `${n}\n` });
  const push = async (n: number) => github.push({ repository: REPOSITORY, branch: 'feature', files: files(n) });
  const shas = await Promise.all(Array.from({ length: 10 }, (_, n) => push(n)));
  expect(new Set(shas).size).toBe(10);
  expect(pull.headSha()).toBe(shas.at(-1));
  expect((await send('GET', '')).body).toMatchObject({ commits: 11, changed_files: 12 });
});
