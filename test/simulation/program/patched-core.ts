import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { UserError } from '#cli/user-error.ts';

const run = promisify(execFile);

/** The project's folder, whose `core/` is the shipped one. */
export const PROJECT = fileURLToPath(new URL('../../..', import.meta.url));

/** A copy of the shipped core with a patch applied, in its own temporary folder. Disposing removes it. */
export class PatchedCore implements AsyncDisposable {
  /** The folder that contains the patched `core/`. */
  readonly root: string;

  private constructor(root: string) {
    this.root = root;
  }

  /**
   * Copies the core and applies the patch. Throws a `UserError` if the patch cannot be read, changes no file, changes a
   * file outside `core/` or no longer applies.
   */
  static async make(patch: string): Promise<PatchedCore> {
    const copy = new PatchedCore(await mkdtemp(join(await realpath(tmpdir()), 'agent-fleet-mutant-')));
    try {
      await cp(join(PROJECT, 'core'), join(copy.root, 'core'), { recursive: true });
      // The copy's modules resolve their libraries and module type as the project's do.
      await symlink(join(PROJECT, 'node_modules'), join(copy.root, 'node_modules'), 'dir');
      await writeFile(join(copy.root, 'package.json'), '{"type":"module"}');
      await copy.#apply(resolve(patch));
      return copy;
    } catch (error) {
      await copy[Symbol.asyncDispose]();
      throw error;
    }
  }

  async #apply(patch: string): Promise<void> {
    const paths = pathsOf(await read(patch));
    const strange = paths.find((path) => !path.startsWith('core/'));
    if (paths.length === 0 || strange !== undefined) {
      throw new UserError(
        strange === undefined
          ? `${patch} changes no file.`
          : `${patch} changes ${strange}, which the simulation does not run.`,
        'A mutant is a unified diff of files in core/, as "git diff core" prints it.',
      );
    }
    try {
      // One line of context is enough to locate the hunk, so small changes around it do no harm. The folder must not
      // look like part of a repository, because git would skip files outside of it.
      const outside = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'));
      const env = { ...Object.fromEntries(outside), GIT_CEILING_DIRECTORIES: dirname(this.root) };
      await run('git', ['apply', '-p1', '-C1', '--recount', '--whitespace=nowarn', patch], { cwd: this.root, env });
    } catch (error) {
      const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error);
      throw new UserError(
        `${patch} no longer applies to core/: ${said}`,
        'Make the change again by hand, save it with "git diff core", and restore core/.',
      );
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.root, { recursive: true, force: true });
  }
}

async function read(patch: string): Promise<string> {
  try {
    return await readFile(patch, 'utf8');
  } catch {
    throw new UserError(
      `Patch not found: ${patch}.`,
      'Name an existing file. The shipped patches are in test/simulation/mutants.',
    );
  }
}

/** The files that a unified diff changes. */
const pathsOf = (diff: string): readonly string[] =>
  [...diff.matchAll(/^\+\+\+ (?:b\/)?(\S+)/gm)].flatMap(([, path]) => (path === undefined ? [] : [path]));

/** Returns the description above a patch's first hunk: which invariant it breaks. */
export async function describePatch(patch: string): Promise<string> {
  const [head = ''] = (await read(patch)).split(/^(?:diff |--- )/m, 1);
  return head.replaceAll(/\s+/g, ' ').trim();
}
