import { nodeModule, nodeProgram, notInstalled, WORKER_PROCESSES, type Peer } from '../peer.ts';
import { redis, redisServer, REDIS_WRITES } from '../redis.ts';
import { nodeVersions, redisVersion } from '../versions.ts';

export const bullmq: Peer = {
  name: 'bullmq',
  setup: `${WORKER_PROCESSES} worker processes, each with half of the tasks at once; addBulk; completed events; a crashed worker's jobs are taken over after 5 s`,
  lacks: 'budgets, audit trail, permissions, sessions, AWS',
  writes: REDIS_WRITES,
  missing: () =>
    notInstalled('redis', redisServer()) ?? notInstalled('npm', nodeModule('bullmq'), nodeModule('undici')),
  versions: () => ({ ...nodeVersions('bullmq', 'ioredis'), ...redisVersion() }),
  programs(place) {
    const env = {
      REDIS_PORT: String(place.ports[0]),
      MODEL_URL: place.model,
      AT_ONCE: String(place.atOnce / WORKER_PROCESSES),
    };
    return {
      servers: [redis(place)],
      workers: Array.from({ length: WORKER_PROCESSES }, () => nodeProgram('bullmq/worker.mjs', env)),
      client: nodeProgram('bullmq/client.mjs', env),
    };
  },
};
