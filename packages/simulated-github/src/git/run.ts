import { spawn } from 'node:child_process';

/** A git command that failed. `stderr` is git's own message. */
export class GitError extends Error {
  readonly stderr: string;

  constructor(args: readonly string[], stderr: string) {
    super(`git ${args[0] ?? ''} failed: ${stderr.trim()}`);
    this.stderr = stderr;
  }
}

/** Neither this machine's configuration nor the caller's repository may change what git answers. */
const ENVIRONMENT = {
  PATH: process.env['PATH'] ?? '',
  LC_ALL: 'C',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_NO_REPLACE_OBJECTS: '1',
  // A commit that a forced push took off its branch stays, as on GitHub.
  GIT_CONFIG_COUNT: '1',
  GIT_CONFIG_KEY_0: 'gc.auto',
  GIT_CONFIG_VALUE_0: '0',
} as const;

export interface GitOptions {
  /** Bytes for the standard input. */
  readonly input?: Buffer | string;
  /** More variables, e.g. the author of a commit. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Runs git in a repository, without a shell. Rejects with a `GitError` when git fails. */
export async function git(folder: string, args: readonly string[], options: GitOptions = {}): Promise<Buffer> {
  const child = spawn('git', args, { cwd: folder, env: { ...ENVIRONMENT, ...options.environment } });
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  // Git can end without having read its input. Its status says why.
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.input);
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (status !== 0) throw new GitError(args, Buffer.concat(err).toString());
  return Buffer.concat(out);
}

/** As `git`, for commands that print one line of text. */
export async function gitLine(folder: string, args: readonly string[], options: GitOptions = {}): Promise<string> {
  return (await git(folder, args, options)).toString().trim();
}

/** As `gitLine`, or undefined when git fails: for questions such as whether a revision exists. */
export async function gitMaybe(folder: string, args: readonly string[]): Promise<string | undefined> {
  try {
    return await gitLine(folder, args);
  } catch (error) {
    if (error instanceof GitError) return undefined;
    throw error;
  }
}
