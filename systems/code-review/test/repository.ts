import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A git repository for a test. */
export interface TestRepository {
  readonly folder: string;
  readonly git: (...args: string[]) => string;
  /** Writes files and commits everything. Null deletes a file. */
  readonly commit: (message: string, files: Readonly<Record<string, string | Uint8Array | null>>) => string;
}

/** Creates a repository with the branch `main`. It is deleted after the test. */
export function testRepository(): TestRepository {
  const folder = mkdtempSync(join(tmpdir(), 'review-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const git = (...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', ...args], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' },
    }).trim();
  git('init', '--quiet', '--initial-branch=main');
  return {
    folder,
    git,
    commit(message, files) {
      for (const [path, content] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        if (content === null) rmSync(join(folder, path));
        else writeFileSync(join(folder, path), content);
      }
      git('add', '--all', '--force');
      git('commit', '--quiet', '--allow-empty', '-m', message);
      return git('rev-parse', 'HEAD');
    },
  };
}

/** Writes a program that leaves a trace when it runs. */
export function trap(folder: string): { readonly program: string; readonly trace: string } {
  const [program, trace] = [join(folder, 'trap.sh'), join(folder, 'sprung')];
  writeFileSync(program, `#!/bin/sh\necho "$0 $*" >> '${trace}'\ncat 2>/dev/null\nexit 0\n`);
  chmodSync(program, 0o755);
  return { program, trace };
}
