import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

export const PROJECT = fileURLToPath(new URL('../../..', import.meta.url));
const FOLDER = fileURLToPath(new URL('.', import.meta.url));

/** A bug planted in an adapter. */
export interface Mutant {
  readonly name: string;
  /** What the bug breaks, in one sentence. */
  readonly breaks: string;
  /** The test file that must catch it. */
  readonly tests: string;
  /** The sources that it changes, by absolute path. */
  readonly sources: ReadonlyMap<string, string>;
}

/** Reads all shipped mutants. Throws for a patch that no longer applies, or whose head is not complete. */
export async function shippedMutants(): Promise<readonly Mutant[]> {
  const names = (await readdir(FOLDER)).filter((name) => name.endsWith('.patch')).sort();
  return Promise.all(names.map((name) => planted(join(FOLDER, name))));
}

/** Applies a patch to a copy of `adapters/`. The working tree stays as it is. */
async function planted(patch: string): Promise<Mutant> {
  const text = await readFile(patch, 'utf8');
  const [head = ''] = text.split(/^diff /m, 1);
  const { breaks, tests } = /^(?<breaks>.+?)\n+Caught by (?<tests>\S+\.test\.ts)\.\s*$/s.exec(head)?.groups ?? {};
  if (breaks === undefined || tests === undefined)
    throw new Error(`${patch}: begin with a sentence on what it breaks and a line "Caught by <test file>."`);
  const root = await mkdtemp(join(await realpath(tmpdir()), 'agent-fleet-adapters-'));
  try {
    await cp(join(PROJECT, 'adapters'), join(root, 'adapters'), { recursive: true });
    const outside = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'));
    const env = { ...Object.fromEntries(outside), GIT_CEILING_DIRECTORIES: dirname(root) };
    await run('git', ['apply', '-p1', '-C1', '--recount', '--whitespace=nowarn', patch], { cwd: root, env });
    const paths = [...text.matchAll(/^\+\+\+ b\/(adapters\/\S+)/gm)].flatMap(([, path]) => path ?? []);
    if (paths.length === 0) throw new Error(`${patch} changes no file of adapters/.`);
    const sources = await Promise.all(
      paths.map(async (path) => [join(PROJECT, path), await readFile(join(root, path), 'utf8')] as const),
    );
    return {
      name: basename(patch, '.patch'),
      breaks: breaks.replaceAll(/\s+/g, ' '),
      tests,
      sources: new Map(sources),
    };
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}
