import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureFolder, FLEET_HOME } from '#cli/fleet/paths.ts';
import { UserError } from '#cli/user-error.ts';
import { CommandError, run } from '../process.ts';

/** The version that the lists of differences apply to. */
export const MINISTACK_VERSION = '1.5.33';

/** The folder of the virtual environment, which all runs share. */
const HOME = join(FLEET_HOME, 'ministack', MINISTACK_VERSION);
/** Written last, so that an interrupted installation starts again. */
const COMPLETE = join(HOME, 'complete');

/**
 * Returns the folder of MiniStack's programs. Installs them on the first run. Throws `UserError` if Python is missing or
 * PyPI cannot be reached.
 */
export async function installMiniStack(signal: AbortSignal): Promise<string> {
  const programs = join(HOME, 'venv', 'bin');
  if (existsSync(COMPLETE)) return programs;
  rmSync(HOME, { recursive: true, force: true });
  ensureFolder(HOME);
  const options = { cwd: HOME, env: process.env, signal, log: join(HOME, 'install.log') };
  try {
    await run(
      'python3',
      ['-c', 'import sys, venv, ensurepip; assert sys.version_info >= (3, 10), sys.version'],
      options,
    );
  } catch (error) {
    throw noPython(error);
  }
  await run('python3', ['-m', 'venv', 'venv'], options);
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--retries', '1', '--timeout', '10'];
  try {
    await run(join(programs, 'python3'), [...pip, `ministack==${MINISTACK_VERSION}`], options);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const reason = error.output.trim().split('\n').at(-1) ?? '';
    throw new UserError(
      `Could not install MiniStack ${MINISTACK_VERSION} from PyPI: ${reason}`,
      `Connect to the network, or set PIP_INDEX_URL to a mirror, and run the check again. Later runs need no network. The output of pip is in ${options.log}.`,
    );
  }
  writeFileSync(COMPLETE, '');
  return programs;
}

function noPython(error: unknown): unknown {
  const remedy =
    'Install it (Debian, Ubuntu: apt-get install python3-venv; macOS: brew install python) and run the check again.';
  if (error instanceof CommandError) {
    const tooOld = /AssertionError: (\S+)/.exec(error.output)?.[1];
    const problem = tooOld === undefined ? 'does not have the module venv' : `is ${tooOld}`;
    return new UserError(`MiniStack needs Python 3.10 or later with venv. The python3 on the PATH ${problem}.`, remedy);
  }
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
    return new UserError('MiniStack needs Python 3.10 or later. No python3 was found on the PATH.', remedy);
  }
  return error;
}
