import { join } from 'node:path';
import { findProgram, INSTALLED, type Place, type Program } from './peer.ts';

const DEBIAN = join(INSTALLED, 'debian', 'usr');

export const redisServer = (): string | null => findProgram('redis-server', [join(DEBIAN, 'bin')]);

/** Each write is in the operating system before it is acknowledged, and on the disk within a second. */
export const REDIS_WRITES = 'append-only file, appendfsync everysec';

/** Redis with an append-only file: https://redis.io/docs/latest/operate/oss_and_stack/management/persistence */
export function redis({ dir, ports: [port] }: Place): Program {
  const settings = {
    port: String(port),
    bind: '127.0.0.1',
    dir,
    appendonly: 'yes',
    appendfsync: 'everysec',
    save: '',
    // BullMQ and Celery must never lose keys to eviction.
    'maxmemory-policy': 'noeviction',
  };
  return {
    command: redisServer() ?? 'redis-server',
    args: Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]),
    env: { LD_LIBRARY_PATH: join(DEBIAN, 'lib', process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu') },
    ready: /Ready to accept connections/,
  };
}
