import { spawnSync } from 'node:child_process';
import { once } from '../aws/once.ts';

const UNSHARE = '/usr/bin/unshare';
/** Its own users, network (with no way out, not even to this machine), processes and shared memory. */
const FLAGS = ['--user', '--net', '--pid', '--ipc', '--fork', '--kill-child'];

/**
 * What a command is prefixed with to run in Linux namespaces of its own; nothing where the system does not permit them:
 * macOS, many containers, AWS Lambda. Found out once, by trying.
 */
export const namespaces = once((): readonly string[] => {
  const tried = spawnSync(UNSHARE, [...FLAGS, '/bin/true'], { env: {}, stdio: 'ignore', timeout: 5_000 });
  return tried.status === 0 ? [UNSHARE, ...FLAGS] : [];
});
