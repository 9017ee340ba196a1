import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { killGroup } from '../process.ts';

/** Time limit for the start, in milliseconds. */
const PATIENCE = 30_000;

/** Every change of a stream is effective at once. */
const DURATIONS = [
  'CREATE_STREAM',
  'DELETE_STREAM',
  'MERGE_SHARDS',
  'SPLIT_SHARD',
  'START_STREAM_ENCRYPTION',
  'STOP_STREAM_ENCRYPTION',
  'UPDATE_SHARD_COUNT',
];

/** Starts kinesis-local (kinesis-mock as one JavaScript file) on free ports. Rejects when it does not start. */
export async function startKinesisLocal(folder: string, signal: AbortSignal) {
  const [plain, tls] = [await freePort(), await freePort()];
  const main = fileURLToPath(import.meta.resolve('kinesis-local'));
  const env = {
    PATH: process.env['PATH'],
    KINESIS_MOCK_PLAIN_PORT: String(plain),
    KINESIS_MOCK_TLS_PORT: String(tls),
    SHARD_LIMIT: '1000',
    LOG_LEVEL: 'WARN',
    ...Object.fromEntries(DURATIONS.map((name) => [`${name}_DURATION`, '0ms'])),
  };
  signal.throwIfAborted();
  // It reads its certificate from the folder where it starts.
  const child = spawn(process.execPath, [main], {
    cwd: dirname(main),
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log = createWriteStream(join(folder, 'kinesis-local.log'));
  for (const stream of [child.stdout, child.stderr]) stream.pipe(log, { end: false });
  const ended = once(child, 'close');
  const close = async (): Promise<void> => {
    killGroup(child.pid, 'SIGKILL');
    await ended;
    log.end();
  };
  const endpoint = `http://127.0.0.1:${plain}`;
  const until = Date.now() + PATIENCE;
  while (!(await answers(endpoint))) {
    if (Date.now() > until || child.exitCode !== null || signal.aborted) {
      await close();
      throw new Error(`kinesis-local did not start. Its output is in ${join(folder, 'kinesis-local.log')}.`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return { endpoint, close };
}

const answers = (endpoint: string): Promise<boolean> =>
  fetch(`${endpoint}/healthcheck`).then(
    ({ ok }) => ok,
    () => false,
  );

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
