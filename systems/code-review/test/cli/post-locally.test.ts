import { readdirSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { readRange } from '../../cli/git/read-range.ts';
import { postLocally } from '../../cli/post-locally.ts';
import type { Review } from '../../findings/review.ts';
import { finding } from '../diffed.ts';
import { testRepository } from '../repository.ts';

let page: string;

beforeEach(async () => {
  const out = await mkdtemp(join(tmpdir(), 'review-out-'));
  onTestFinished(() => void vi.unstubAllEnvs());
  onTestFinished(() => rm(out, { recursive: true, force: true }));
  page = join(out, 'pull-request.html');
});

const review: Review = {
  verdict: 'request-changes',
  because: '1 finding of severity high or higher.',
  summary: 'One thing to change.',
  findings: [
    finding({
      file: 'src/a.ts',
      line: 2,
      severity: 'high',
      agent: 'security',
      message: 'It evaluates <b>text</b>.',
      quote: 'eval(text);',
      suggestion: 'parse(text);',
    }),
  ],
  unplaced: [],
  leftOut: [],
};

it('saves the review as it looks on a pull request, of commits that no branch has, and leaves the repository as it is', async () => {
  const repository = testRepository();
  const { folder, git } = repository;
  const base = repository.commit('Start', { 'src/a.ts': 'start();\n' });
  const head = repository.commit('Evaluate', { 'src/a.ts': 'start();\neval(text);\n' });
  git('reset', '--quiet', '--hard', base);
  repository.commit('Elsewhere', { 'b.ts': 'b();\n' });
  const before = git('for-each-ref');
  const change = await readRange({ repository: folder, base: 'main', head });
  vi.stubEnv('TMPDIR', dirname(page));
  await postLocally({ folder, change, review, footer: '12 tokens' }, page);
  const html = await readFile(page, 'utf8');
  expect(html).toContain('A simulation, not GitHub');
  for (const text of ['Evaluate', 'eval(text);', 'It evaluates &lt;b&gt;text&lt;/b&gt;.', 'parse(text);', '12 tokens'])
    expect(html).toContain(text);
  expect(html).toMatch(/changes requested|requested changes/i);
  expect(html).not.toContain('b.ts');
  expect(git('for-each-ref')).toBe(before);
  expect(readdirSync(dirname(page))).toEqual(['pull-request.html']);
});

it('masks secrets of the diff, in lines, names of hunks and titles', async () => {
  const repository = testRepository();
  const id = ['AKIA', 'QWERTYUIOPASDFGH'].join('');
  const bodies = ['a', 'b', 'c'].map((letter) => letter.repeat(63) + '/');
  const key = ['-----BEGIN', 'RSA PRIVATE KEY-----'].join(' ');
  const start = [
    `function a(id = "${id}") {`,
    ...Array.from({ length: 9 }, (_, index) => `  step${index}();`),
    '}',
    '',
  ];
  repository.commit('Start', { 'src/a.ts': start.join('\n') });
  start[8] = `  const it = '${id}' && "<b>";`;
  repository.commit(`Use ${id}`, {
    'src/a.ts': start.join('\n'),
    '.env': 'DB_PASSWORD=Sup3rS3cret99\n',
    'key.pem': [key, ...bodies, key.replace('BEGIN', 'END'), 'after the key', ''].join('\r\n'),
  });
  const change = await readRange({ repository: repository.folder, base: 'main~1', head: 'main' });
  await postLocally({ folder: repository.folder, change, review: { ...review, findings: [] }, footer: '' }, page);
  const html = await readFile(page, 'utf8');
  for (const secret of [id, 'Sup3rS3cret99', ...bodies.map((body) => body.slice(0, 10))])
    expect(html).not.toContain(secret);
  expect(html.match(/‹masked:aws-[a-z-]+›/g)?.length).toBeGreaterThanOrEqual(3);
  for (const text of ['&quot;&lt;b&gt;&quot;;', 'after the key', '  step8();']) expect(html).toContain(text);
});

it('says so when the repository cannot be copied', async () => {
  const repository = testRepository();
  repository.commit('Start', { a: 'a\n' });
  repository.commit('Go on', { a: 'b\n' });
  const change = await readRange({ repository: repository.folder, base: 'main~1', head: 'main' });
  const gone = { ...change, head: '1'.repeat(40) };
  const posting = postLocally({ folder: repository.folder, change: gone, review, footer: '' }, page);
  await expect(posting).rejects.toMatchObject({
    name: 'UserError',
    exitCode: 3,
    message: expect.stringMatching(/cannot be copied\. git fetch failed/) as string,
  });
});
