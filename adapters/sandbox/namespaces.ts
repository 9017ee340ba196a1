import { spawnSync } from 'node:child_process';
import { once } from '../aws/once.ts';

const UNSHARE = '/usr/bin/unshare';
/** New namespaces for users, network (with no route out, not even to this machine), processes and shared memory. */
const FLAGS = ['--user', '--net', '--pid', '--ipc', '--fork', '--kill-child'];

/**
 * Returns the prefix that runs a command in its own Linux namespaces. It is empty where the system does not permit them:
 * macOS, many containers, AWS Lambda. Checked once, by trying.
 */
export const namespaces = once((): readonly string[] => {
  const tried = spawnSync(UNSHARE, [...FLAGS, '/bin/true'], { env: {}, stdio: 'ignore', timeout: 5_000 });
  return tried.status === 0 ? [UNSHARE, ...FLAGS] : [];
});
