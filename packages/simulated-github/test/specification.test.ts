import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { FAULTS } from '../src/http/faults.ts';
import { routes } from '../src/routes/index.ts';

const read = (name: string): string => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');

it('names each operation', () => {
  const specification = read('SPECIFICATION.md');
  const missing = routes.filter(({ pattern }) => !specification.includes(`${pattern.replace('*', '')}\``));
  expect(missing.map(({ method, pattern }) => `${method} ${pattern}`)).toEqual([]);
});

it('shows an example that runs', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'simulated-github-'));
  onTestFinished(async () => rm(folder, { recursive: true, force: true }));
  const [, example = ''] = /```ts\n([^]*?)```/.exec(read('README.md')) ?? [];
  const program = example
    .replace('@agent-fleet/simulated-github', new URL('../src/index.ts', import.meta.url).href)
    .replace("'/tmp/github'", JSON.stringify(folder));
  await writeFile(join(folder, 'example.mjs'), program);
  const { stdout } = await promisify(execFile)(process.execPath, [join(folder, 'example.mjs')]);
  expect(stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/octo-org\/shop\/pull\/1\n/);
  expect(stdout).toContain("decision: 'REVIEW_REQUIRED'");
});

it('names each fault', () => {
  const readme = read('README.md');
  expect(FAULTS.filter((fault) => !readme.includes(`\`${fault}\``))).toEqual([]);
});
