import { spawn } from 'node:child_process';
import { devNull } from 'node:os';
import { Interrupted, UserError } from '#cli/user-error.ts';

/** Bytes of output above which a git command is stopped. */
const MAX_OUTPUT = 64 * 1024 * 1024;
/** A repository's configuration can include a pipe that never ends, so that git hangs. */
const TIMEOUT_MS = 120_000;

/**
 * Settings that outrank the repository's own. A repository that somebody else wrote can name programs in its
 * configuration; none of them may run, and nothing may be fetched.
 */
const SAFE_SETTINGS = [
  `core.hooksPath=${devNull}`,
  'core.fsmonitor=false',
  'core.sshCommand=false',
  'core.gitProxy=false',
  'core.pager=cat',
  `core.attributesFile=${devNull}`,
  'core.quotePath=false',
  'credential.helper=',
  'protocol.allow=never',
  'diff.external=',
  'diff.suppressBlankEmpty=false',
  'diff.noprefix=false',
  'diff.mnemonicPrefix=false',
  `diff.orderFile=${devNull}`,
  'log.showSignature=false',
  'log.mailmap=false',
  `mailmap.file=${devNull}`,
  'gpg.program=false',
  'submodule.recurse=false',
];

/** Without variables such as GIT_DIR or GIT_EXTERNAL_DIFF, and without the user's own configuration. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'));
  return {
    ...Object.fromEntries(kept),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: devNull,
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_NO_LAZY_FETCH: '1',
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_LITERAL_PATHSPECS: '1',
    GIT_PAGER: 'cat',
    LC_ALL: 'C',
  };
}

export interface GitResult {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

interface GitOptions {
  readonly input?: string;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
}

/**
 * Runs a git command that reads, without a shell. Throws a `UserError` when git is missing, takes too long or
 * returns too much, and `Interrupted` when the signal is aborted, which kills git.
 * @param args must not contain text from outside, except after `--end-of-options` or `--`
 */
export async function runGit(
  folder: string,
  args: readonly string[],
  { input = '', signal, timeoutMs = TIMEOUT_MS }: GitOptions = {},
): Promise<GitResult> {
  const settings = SAFE_SETTINGS.flatMap((setting) => ['-c', setting]);
  const child = spawn('git', [...settings, '-C', folder, ...args], {
    env: environment(),
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
    ...(signal !== undefined && { signal }),
  });
  const chunks: Buffer[] = [];
  const errors: Buffer[] = [];
  let size = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > MAX_OUTPUT) child.kill('SIGKILL');
    else chunks.push(chunk);
  });
  child.stderr.on('data', (chunk: Buffer) => errors.length < 100 && errors.push(chunk));
  // A git that ends early closes its input.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const code = await new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve(status ?? -1));
  }).catch((error: NodeJS.ErrnoException) => {
    if (signal?.aborted === true)
      throw new Interrupted('Interrupted: nothing was reviewed.', 'Run the command again to start over.', 3);
    throw error.code === 'ENOENT' ? new UserError('git is not installed.', 'Install git and try again.', 2) : error;
  });
  if (size > MAX_OUTPUT)
    throw new UserError(
      `git ${args[0]} returns more than 64 MB.`,
      'Review a smaller range: choose a nearer --base.',
      3,
    );
  if (child.signalCode === 'SIGKILL')
    throw new UserError(
      `git ${args[0]} does not end within ${timeoutMs / 1_000} seconds.`,
      'Check the configuration of the repository: git config --local --list --show-origin.',
      3,
    );
  return { code, stdout: Buffer.concat(chunks), stderr: Buffer.concat(errors).toString('utf8').trim() };
}

/** Like `runGit`, and throws a `UserError` with git's own words when the command fails. */
export async function gitOutput(folder: string, args: readonly string[], signal?: AbortSignal): Promise<Buffer> {
  const { code, stdout, stderr } = await runGit(folder, args, { signal });
  if (code === 0) return stdout;
  throw new UserError(
    `git ${args[0]} failed: ${stderr.split('\n')[0] || `exit code ${code}`}`,
    'Check the repository.',
    3,
  );
}
