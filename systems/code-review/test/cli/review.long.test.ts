import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulatedGithub } from '@agent-fleet/simulated-github';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { FleetProgram } from '#test/cli/support/fleet-program.ts';
import { reviewJsonSchema } from '../../report/review-json.ts';
import { jsonErrors, sarifErrors } from '../report/schemas.ts';
import { testRepository } from '../repository.ts';

/** Runs `fleet review` as a person does: each time on a fleet that it starts for itself. */
let home: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'fleet-review-'));
});

afterAll(() => rm(home, { recursive: true, force: true }));

it('reviews a branch: findings that quote existing lines, review.html, JSON, and exit code 1 for requested changes', async () => {
  const repository = testRepository();
  const start = 'export async function find(db, id) {\n  return db.query("select 1");\n}\n';
  repository.commit('Start', { 'src/find.js': start, 'test/find.test.js': "it('finds', () => {});\n" });
  repository.git('checkout', '--quiet', '-b', 'feature');
  const changed = [
    `const key = '${['AKIA', 'QWERTYUIOPASDFGH'].join('')}';`,
    'export async function find(db, id) {',
    "  return db.query(`select * from users where id = '${id}'`);",
    '}',
    '',
  ].join('\n');
  repository.commit('Find \u001B[31mone', { 'src/find.js': changed, 'package-lock.json': '{}\n' });
  const out = join(home, 'out');
  const range = ['--repo', repository.folder, '--base', 'main'];
  const { code, stdout, stderr } = await new FleetProgram(home).run([
    'review',
    ...range,
    '--out',
    out,
    '--json',
    '--post',
    'local',
  ]);
  expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('Changes requested') });
  expect(jsonErrors(JSON.parse(stdout))).toBeNull();
  const review = reviewJsonSchema.parse(JSON.parse(stdout));
  expect(review).toMatchObject({
    verdict: 'request-changes',
    leftOut: [{ path: 'package-lock.json', reason: 'lock-file' }],
    simulated: true,
  });
  expect(review.findings.map(({ rule }) => rule).toSorted()).toEqual(['hard-coded-secret', 'sql-injection']);
  const lines = changed.split('\n');
  for (const { file, line, quote } of review.findings) {
    expect(file).toBe('src/find.js');
    expect(quote).not.toBe('');
    expect(lines[line - 1]).toContain(quote);
  }
  expect(review.spent.usd).toBeGreaterThan(0);
  const page = await readFile(join(out, 'review.html'), 'utf8');
  expect(page).toContain('The query contains');
  const pull = await readFile(join(out, 'pull-request.html'), 'utf8');
  expect(pull).toContain('The query contains');
  for (const text of [page, pull, stdout, stderr]) {
    expect(text).not.toContain('AKIAQ');
    expect(text).not.toContain('\u001B[31m');
  }
});

it('posts a review to a pull request once', async () => {
  const repository = testRepository();
  repository.commit('Start', { 'src/find.js': 'export const one = 1;\n' });
  repository.git('checkout', '--quiet', '-b', 'feature');
  repository.commit('Evaluate', { 'src/find.js': 'export const one = eval(process.argv[2]);\n' });
  const github = await startSimulatedGithub({ folder: join(home, 'github') });
  onTestFinished(() => github.stop());
  await github.createRepository({ name: 'shop', from: repository.folder });
  const pull = await github.openPullRequest({ repository: 'octo-org/shop', head: 'feature', title: 'Evaluate' });
  const env = { GITHUB_API_URL: github.url, GITHUB_TOKEN: github.createToken({ user: 'reviewer' }) };
  const post = ['--post', 'github', '--pull-request', `octo-org/shop#${pull.number}`, '--out', join(home, 'posted')];
  const command = ['review', '--repo', repository.folder, '--base', 'main', ...post];
  const program = new FleetProgram(home);
  expect(await program.run(command, env)).toMatchObject({ code: 1, stdout: expect.stringContaining('Posted: http') });
  const again = await program.run([...command, '--sarif'], env);
  expect(again.stderr).toContain('Already posted: http');
  expect(sarifErrors(JSON.parse(again.stdout))).toBeNull();
  const { reviews, comments } = pull.record();
  expect(reviews).toMatchObject([{ user: 'reviewer', state: 'CHANGES_REQUESTED' }]);
  expect(comments).toMatchObject([{ path: 'src/find.js', line: 1, body: expect.stringContaining('critical') }]);
});

it('approves a clean change, and ends with 3 when nothing could be reviewed', async () => {
  const repository = testRepository();
  repository.commit('Start', { 'a.txt': 'one\n' });
  repository.commit('Go on', { 'a.txt': 'one\ntwo\n' });
  const clean = ['review', '--repo', repository.folder, '--base', 'main~1', '--out', join(home, 'clean')];
  const program = new FleetProgram(home);
  const { code, stdout } = await program.run(clean);
  expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('Approved. Nothing was found.') });
  // Too little money for any call.
  const poor = await program.run([...clean, '--max-usd', '0.0000001']);
  expect(poor).toMatchObject({ code: 3, stderr: expect.stringContaining('Nothing was sent to the model.') });
});
