import { execFile } from 'node:child_process';
import { globSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { verdicts } from '../connect-github.ts';
import { githubOfFleet, verdictOf } from './told.ts';

/**
 * Public security fixes: the release with the fix, and the one before. Nobody tunes the rules to them. npm's registry has
 * the files.
 */
const FIXES = [
  ['minimist', '1.2.6', '1.2.5'],
  ['json5', '2.2.2', '2.2.1'],
  ['semver', '7.5.2', '7.5.1'],
  ['cookie', '0.7.0', '0.6.0'],
  ['ws', '8.17.1', '8.17.0'],
  ['word-wrap', '1.2.4', '1.2.3'],
  ['node-fetch', '2.6.7', '2.6.6'],
  ['jsonwebtoken', '9.0.0', '8.5.1'],
  ['path-to-regexp', '0.1.10', '0.1.9'],
  ['qs', '6.10.3', '6.10.2'],
] as const;

const run = promisify(execFile);
const github = await githubOfFleet();
const folder = await mkdtemp(join(tmpdir(), 'public-fixes-'));
const results: Record<string, object> = {};
for (const [name, fixed, before] of FIXES) {
  const [after, earlier] = [await filesOf(name, fixed), await filesOf(name, before)];
  results[`${name} ${fixed}`] = {
    takenBack: await reviewed(`${name}-back`, after, earlier),
    made: await reviewed(`${name}-made`, earlier, after),
  };
  process.stderr.write(`${name} …\n`);
}
process.stdout.write(JSON.stringify(results));
await rm(folder, { recursive: true });
await github.stop();

type Files = Readonly<Record<string, Buffer>>;

/** The files of a release. */
async function filesOf(name: string, version: string): Promise<Files> {
  const at = join(folder, `${name}-${version}`);
  await mkdir(at);
  await run('npm', ['pack', '--silent', `${name}@${version}`, '--pack-destination', at]);
  await run('tar', ['-xzf', join(at, `${name}-${version}.tgz`), '-C', at, '--strip-components=1']);
  await rm(join(at, `${name}-${version}.tgz`));
  const paths = globSync('**', { cwd: at }).filter((path) => statSync(join(at, path)).isFile());
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(at, path))]));
}

/** Reviews the pull request that turns one release into the other. */
async function reviewed(name: string, from: Files, to: Files): Promise<object> {
  await github.createRepository({ owner: name, name, files: from });
  const removed = Object.keys(from).flatMap((path) => (path in to ? [] : [[path, null] as const]));
  const files = { ...to, ...Object.fromEntries(removed) };
  await github.push({ repository: `${name}/${name}`, branch: 'change', files });
  const started = performance.now();
  const pull = await github.openPullRequest({
    repository: `${name}/${name}`,
    head: 'change',
    title: 'Another release',
  });
  const seconds = await verdictOf(pull, started);
  return {
    seconds: Math.round(seconds * 10) / 10,
    verdict: verdicts(pull).map(({ state, body }) => `${state}: ${body.split('\n')[0]}`),
    inText: verdicts(pull).flatMap(({ body }) => body.split('\n').filter((line) => line.startsWith('- **'))),
    atLines: pull.record().comments.map(({ path, line, side, body }) => ({
      at: `${path}:${line} ${side}`,
      says: body.split('\n')[0],
    })),
  };
}
