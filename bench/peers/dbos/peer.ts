import { nodeModule, nodeProgram, notInstalled, WORKER_PROCESSES, type Peer } from '../peer.ts';
import { nodeVersions, outputOf } from '../versions.ts';
import { postgres, postgresProgram } from './postgres.ts';

/** Two workers and a client with pools of at most 30. */
const CONNECTIONS = 120;

export const dbos: Peer = {
  name: 'dbos',
  setup: `${WORKER_PROCESSES} worker processes, each with half of the tasks at once; queues polled every 20 ms; a restarted worker takes up its own workflows`,
  lacks: 'budgets, audit trail, permissions, sessions, AWS',
  writes: 'PostgreSQL, synchronous_commit=on, fsync=off',
  missing: () =>
    notInstalled('postgres', postgresProgram('initdb'), postgresProgram('postgres')) ??
    notInstalled('npm', nodeModule('@dbos-inc/dbos-sdk'), nodeModule('pg'), nodeModule('undici')),
  versions: () => ({
    ...nodeVersions('@dbos-inc/dbos-sdk', 'pg'),
    postgres: outputOf(postgresProgram('postgres') ?? '', '--version').replace(/^\D+/, ''),
  }),
  programs({ model, atOnce, ports: [port] }) {
    const env = {
      DATABASE_URL: `postgresql://bench@127.0.0.1:${port}/bench`,
      MODEL_URL: model,
      AT_ONCE: String(atOnce / WORKER_PROCESSES),
    };
    const { server, remove } = postgres(port, CONNECTIONS);
    const worker = (index: number) => nodeProgram('dbos/worker.mjs', { ...env, EXECUTOR: `worker-${index}` });
    return {
      servers: [server],
      workers: Array.from({ length: WORKER_PROCESSES }, (_, index) => worker(index)),
      client: nodeProgram('dbos/client.mjs', env),
      remove,
    };
  },
};
