import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeEach, afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { makeFolder } from '#cli/make-folder.ts';
import { PROJECT } from '#cli/fleet/paths.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'fleet-folder-'));
  writeFileSync(join(home, 'file'), '');
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const isLinux = process.platform === 'linux';
const wrong = (reason: string) =>
  expect.objectContaining({ exitCode: 2, message: expect.stringContaining(reason) as string });

describe('the folder that a command writes to', () => {
  it('is created with those above it, and has nothing in it', () => {
    const folder = join(home, 'a', 'b');
    makeFolder(folder);
    makeFolder(folder);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is no file, nor below one', () => {
    expect(() => makeFolder(join(home, 'file'))).toThrow(wrong('is a file (EEXIST)'));
    expect(() => makeFolder(join(home, 'file', 'a', 'b'))).toThrow(wrong(`${join(home, 'file')}: it, or`));
  });

  it.runIf(isLinux)('is not below /proc, where the mkdir of Node does not end', () => {
    for (const folder of ['/proc/nope', '/proc/nope/deeper', '/proc'])
      expect(() => makeFolder(folder)).toThrow(wrong('permits no new folder (ENOENT)'));
  });

  it.skipIf(process.getuid?.() === 0)('is one that the user may write', () => {
    mkdirSync(join(home, 'closed'));
    chmodSync(join(home, 'closed'), 0o500);
    for (const folder of ['closed', 'closed/below'])
      expect(() => makeFolder(join(home, folder))).toThrow(wrong('you may not use it (EACCES)'));
  });
});

/** Runs Node, for at most ten seconds: the code equals null when it did not end. */
async function run(args: readonly string[], fleetHome = join(home, 'fleet')) {
  const env = { ...process.env, FLEET_HOME: fleetHome };
  const child = spawn(process.execPath, args, { cwd: home, env, timeout: 90_000, killSignal: 'SIGKILL' });
  onTestFinished(() => void child.kill('SIGKILL'));
  const said = text(child.stderr);
  const [code] = (await once(child, 'exit')) as [number | null];
  return { code, said: await said };
}

it.runIf(isLinux)('the home of the fleets is not below /proc either', async () => {
  const paths = JSON.stringify(join(PROJECT, 'cli/fleet/paths.ts'));
  const errors = JSON.stringify(join(PROJECT, 'cli/file-error.ts'));
  const program =
    `import { ensureFolder, MAIN_DATA } from ${paths}; import { fileError } from ${errors};` +
    `try { ensureFolder(MAIN_DATA) } catch (error) { console.error(fileError(error)?.message) }`;
  const { code, said } = await run(['--input-type=module', '-e', program], '/proc/nope');
  expect(code).toBe(0);
  expect(said).toContain('/proc/nope cannot be used: its place permits no new folder (ENOENT).');
});

describe('a command whose --out cannot be created', () => {
  it.each(['documents', 'review', 'research', 'support', 'market'])(
    'ends as wrong usage before a fleet starts: %s',
    async (name) => {
      const git = (...args: string[]): void => void execFileSync('git', ['-C', join(home, 'repo'), ...args]);
      mkdirSync(join(home, 'repo'));
      git('init', '-q', '-b', 'main');
      const author = ['-c', 'user.name=a', '-c', 'user.email=a@example.com'];
      git(...author, 'commit', '-q', '--allow-empty', '-m', 'first');
      const args = { documents: ['repo'], review: ['--repo', 'repo', '--base', 'main'], market: ['demo'] } as Record<
        string,
        string[]
      >;
      writeFileSync(join(home, 'repo', 'a.pdf'), '%PDF-1.7');
      const ran = await run([
        join(PROJECT, 'bin/fleet.ts'),
        name,
        ...(args[name] ?? []),
        '--out',
        isLinux ? '/proc/nope' : join(home, 'file', 'x'),
      ]);
      expect(ran.said).toContain('cannot be written: ');
      expect(ran.said).toContain('Pass a folder that you can write');
      expect(ran.code).toBe(2);
      expect(existsSync(join(home, 'fleet', 'runs'))).toBe(false);
    },
  );
});

it('no command of a system creates a folder by the mkdir of Node, which may not end', () => {
  const files = globSync('systems/*/cli/**/*.ts', { cwd: PROJECT });
  expect(files.length).toBeGreaterThan(30);
  const using = files.filter((file) => /\bmkdir(Sync)?\(/.test(readFileSync(join(PROJECT, file), 'utf8')));
  expect(using).toEqual([]);
});
