import { join } from 'node:path';
import { INSTALLED, notInstalled, WORKER_PROCESSES, type Peer } from '../peer.ts';
import { redis, redisServer, REDIS_WRITES } from '../redis.ts';
import { outputOf, redisVersion } from '../versions.ts';

const BIN = join(INSTALLED, 'python', 'bin');

export const celery: Peer = {
  name: 'celery',
  setup: `${WORKER_PROCESSES} workers with a pool of threads, each with half of the tasks at once; acknowledged late, prefetch 1; a crashed worker's messages return after 5 s`,
  lacks: 'budgets, audit trail, permissions, sessions, AWS',
  writes: REDIS_WRITES,
  missing: () => notInstalled('redis', redisServer()) ?? notInstalled('python', join(BIN, 'celery')),
  versions() {
    const listed = outputOf(join(BIN, 'pip'), 'list', '--format=json', '--disable-pip-version-check');
    const packages = JSON.parse(listed === '' ? '[]' : listed) as { readonly name: string; readonly version: string }[];
    const used = packages.filter(({ name }) => ['celery', 'kombu', 'redis'].includes(name));
    return { ...Object.fromEntries(used.map(({ name, version }) => [`python ${name}`, version])), ...redisVersion() };
  },
  programs(place) {
    const env = {
      REDIS_PORT: String(place.ports[0]),
      MODEL_URL: place.model,
      AT_ONCE: String(place.atOnce / WORKER_PROCESSES),
      PYTHONPATH: import.meta.dirname,
      PYTHONDONTWRITEBYTECODE: '1',
    };
    const options = ['--pool', 'threads', '--concurrency', env.AT_ONCE, '--loglevel', 'INFO', '--without-gossip'];
    const worker = (index: number) => ({
      command: join(BIN, 'celery'),
      args: ['-A', 'app', 'worker', '-n', `worker-${index}`, ...options, '--without-mingle'],
      env: { ...env, C_FORCE_ROOT: '1' },
      ready: /ready\.$/,
    });
    return {
      servers: [redis(place)],
      workers: Array.from({ length: WORKER_PROCESSES }, (_, index) => worker(index)),
      client: { command: join(BIN, 'python'), args: [join(import.meta.dirname, 'client.py')], env, ready: /^ready$/ },
    };
  },
};
