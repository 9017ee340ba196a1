import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram, INSTALLED, type Program } from '../peer.ts';

const FOLDERS = ['/usr/lib/postgresql/*/bin', join(INSTALLED, 'debian/usr/lib/postgresql/*/bin')];

/** A program of PostgreSQL; null if it is not installed. */
export const postgresProgram = (name: string): string | null =>
  findProgram(
    name,
    FOLDERS.flatMap((pattern) => globSync(pattern)),
  );

/** PostgreSQL refuses to run as root. */
const NOBODY = { uid: 65_534, gid: 65_534 };

/**
 * A new cluster and its server. A commit is in the operating system before it is acknowledged (fsync=off), as with the
 * other peers: it survives kill -9 of every process, not a power cut.
 * @returns the server, and what removes its files
 */
export function postgres(port: number, connections: number): { readonly server: Program; readonly remove: () => void } {
  const user = process.getuid?.() === 0 ? NOBODY : undefined;
  // Below the project, another user may not be able to enter the folder.
  const dir = mkdtempSync(join(tmpdir(), 'peers-postgres-'));
  chmodSync(dir, 0o700);
  if (user !== undefined) chownSync(dir, user.uid, user.gid);
  const data = join(dir, 'data');
  const options = ['-D', data, '-U', 'bench', '--auth=trust', '--no-sync'];
  execFileSync(postgresProgram('initdb') ?? 'initdb', options, { cwd: dir, stdio: 'ignore', ...user });
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: dir,
    max_connections: connections,
    // A quarter of a small machine's memory: https://www.postgresql.org/docs/current/runtime-config-resource.html
    shared_buffers: '512MB',
    synchronous_commit: 'on',
    fsync: 'off',
  };
  return {
    server: {
      command: postgresProgram('postgres') ?? 'postgres',
      args: ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      ready: /database system is ready to accept connections/,
      ...(user && { user }),
    },
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}
