import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { INSTALLED, nodeModule, nodeProgram, notInstalled, type Peer, type Place, type Program } from '../peer.ts';
import { nodeVersions } from '../versions.ts';

/** The program itself: the package's command is a process of Node around it. */
const PLATFORM = `${process.platform}-${process.arch}`;
const SERVER = join(INSTALLED, `programs/node_modules/@restatedev/restate-server-${PLATFORM}/bin/restate-server`);

export const restate: Peer = {
  name: 'restate',
  setup:
    'one server; one worker process; a session is a virtual object; send, then attach; the worker bounds the calls at once',
  lacks: 'budgets, audit trail, permissions, AWS',
  writes: 'RocksDB with a write-ahead log, not synced for each write',
  missing: () => notInstalled('npm', SERVER, nodeModule('@restatedev/restate-sdk'), nodeModule('undici')),
  versions: () => nodeVersions('@restatedev/restate-server', '@restatedev/restate-sdk'),
  programs(place) {
    const [ingress, admin, worker] = place.ports;
    const env = {
      INGRESS_PORT: String(ingress),
      WORKER_PORT: String(worker),
      MODEL_URL: place.model,
      AT_ONCE: String(place.atOnce),
    };
    return {
      servers: [server(place)],
      workers: [nodeProgram('restate/worker.mjs', env)],
      client: nodeProgram('restate/client.mjs', env),
      connect: () => register(admin, `http://127.0.0.1:${worker}`),
    };
  },
};

function server({ dir, ports: [ingress, admin] }: Place): Program {
  const file = join(dir, 'restate.toml');
  writeFileSync(
    file,
    `
node-name = "bench"
base-dir = "${join(dir, 'restate')}"
disable-telemetry = true
log-format = "compact"
[ingress]
bind-address = "127.0.0.1:${ingress}"
[admin]
bind-address = "127.0.0.1:${admin}"
disable-web-ui = true
[bifrost.local]
rocksdb-disable-wal-fsync = true
[log-server]
rocksdb-disable-wal-fsync = true
`,
  );
  return {
    command: SERVER,
    args: ['--config-file', file],
    ready: /Admin API|[Aa]dmin.*(listening|started|ready)/,
  };
}

const REGISTER_MS = 60_000;

/** Registers the worker; until then the server may still be electing the leaders of its partitions. */
async function register(admin: number, uri: string): Promise<void> {
  const until = performance.now() + REGISTER_MS;
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${admin}/deployments`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ uri }),
    }).catch(() => null);
    if (answer?.ok === true) return;
    if (performance.now() > until) throw new Error(`Restate did not register its worker: ${await answer?.text()}`);
    await pause(100);
  }
}
