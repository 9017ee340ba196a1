import { cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const PROJECT = resolve(import.meta.dirname, '../../..');
/** Folders that a fresh clone does not have. */
const LEFT_OUT = new Set(['.git', '.fleet', 'cdk.out', 'coverage', 'node_modules'].map((name) => join(PROJECT, name)));

/** No guide's command needs our tests, except for what the test runner's configuration imports. */
const isTest = (path: string): boolean => dirname(path) === join(PROJECT, 'test') && !path.endsWith('support');

/** Our own packages, which `npm ci` links to the project's own folders. */
const OURS = '@agent-fleet';

/** A writable copy of the project, as after `npm ci`. */
export class ProjectCopy implements Disposable {
  readonly folder = mkdtempSync(join(realpathSync(tmpdir()), 'fleet-project-'));

  /** @param tests whether our tests are copied, too */
  constructor(tests: 'with tests' | 'without tests' = 'without tests') {
    const isCopied = (path: string): boolean => !LEFT_OUT.has(path) && (tests === 'with tests' || !isTest(path));
    cpSync(PROJECT, this.folder, { recursive: true, filter: isCopied });
    const from = realpathSync(join(PROJECT, 'node_modules'));
    const to = join(this.folder, 'node_modules');
    mkdirSync(join(to, OURS), { recursive: true });
    for (const name of readdirSync(from)) if (name !== OURS) symlinkSync(join(from, name), join(to, name));
    for (const name of readdirSync(join(from, OURS)))
      symlinkSync(join(this.folder, 'packages', name), join(to, OURS, name));
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
