import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureFolder, FLEET_HOME } from '#cli/fleet/paths.ts';
import { UserError } from '#cli/user-error.ts';
import { CommandError, run } from '../process.ts';

/** The version that the lists of differences were written against. */
export const MINISTACK_VERSION = '1.5.33';

/** The virtual environment; it stays from run to run. */
const HOME = join(FLEET_HOME, 'ministack', MINISTACK_VERSION);
/** Written last: an installation that was cut off is made anew. */
const COMPLETE = join(HOME, 'complete');

/**
 * The folder of MiniStack's programs, installed at the first run. Throws `UserError` when there is no Python, or
 * nothing to install it from.
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
    const words = error.said.trim().split('\n').at(-1) ?? '';
    throw new UserError(
      `MiniStack ${MINISTACK_VERSION} could not be installed from PyPI: ${words}`,
      `Run it once with network, or behind a mirror with PIP_INDEX_URL set; after that none is needed. All that pip said is in ${options.log}.`,
    );
  }
  writeFileSync(COMPLETE, '');
  return programs;
}

function noPython(error: unknown): unknown {
  const remedy =
    'Install it (Debian, Ubuntu: apt-get install python3-venv; macOS: brew install python) and run the check again.';
  if (error instanceof CommandError) {
    const tooOld = /AssertionError: (\S+)/.exec(error.said)?.[1];
    const has = tooOld === undefined ? 'lacks the module venv' : `is ${tooOld}`;
    return new UserError(`MiniStack needs Python 3.10 or later with venv; the python3 on the PATH ${has}.`, remedy);
  }
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
    return new UserError('MiniStack needs Python 3.10 or later; there is no python3 on the PATH.', remedy);
  }
  return error;
}
