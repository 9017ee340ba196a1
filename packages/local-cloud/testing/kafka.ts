import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Apache Kafka 4.1.1 and what it needs: SHA-256 and path in Maven Central, one per line. 43 MB. */
const JARS = readFileSync(new URL('kafka-jars.txt', import.meta.url), 'utf8');
const CENTRAL = process.env['MAVEN_CENTRAL'] ?? 'https://repo1.maven.org/maven2';
const FOLDER = fileURLToPath(new URL('../../../.fleet/kafka/4.1.1', import.meta.url));
const PATIENCE_MS = 180_000;

export interface KafkaBroker extends AsyncDisposable {
  /** `127.0.0.1:<port>` */
  readonly bootstrap: string;
  close(): Promise<void>;
}

/** Why a broker cannot run here; undefined when it can. */
export async function kafkaProblem(): Promise<string | undefined> {
  const { error, stderr } = spawnSync('java', ['-version'], { encoding: 'utf8' });
  const version = Number(/version "(\d+)/.exec(stderr)?.[1]);
  if (error !== undefined || !(version >= 17)) return 'Java 17 or later is not installed';
  const missing = jars().find(({ file }) => !existsSync(file));
  if (missing === undefined) return undefined;
  const reached = await fetch(missing.url, { method: 'HEAD' }).then(
    ({ ok }) => ok,
    () => false,
  );
  return reached ? undefined : `${CENTRAL} cannot be reached`;
}

/** Downloads the broker once, and starts it with KRaft on 127.0.0.1, without Docker. Its data is deleted when it closes. */
export async function startKafka(port?: number): Promise<KafkaBroker> {
  await Promise.all(jars().map(download));
  const [client, controller] = [port ?? (await freePort()), await freePort()];
  const folder = mkdtempSync(join(tmpdir(), 'fleet-kafka-'));
  const settings = join(folder, 'server.properties');
  writeFileSync(settings, properties(folder, client, controller));
  const classpath = jars()
    .map(({ file }) => file)
    .join(delimiter);
  const java = ['-Xmx512m', '-cp', classpath];
  const format = spawnSync('java', [
    ...java,
    'kafka.tools.StorageTool',
    'format',
    '-t',
    'MkU3OEVBNTcwNTJENDM2Qg',
    '-c',
    settings,
  ]);
  if (format.status !== 0) throw new Error(`Kafka could not format its folder: ${format.stderr.toString('utf8')}`);
  const child = spawn('java', [...java, 'kafka.Kafka', settings], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close');
  const log = createWriteStream(join(folder, 'kafka.log'));
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      log.write(chunk);
      text = (text + chunk.toString('utf8')).slice(-4000);
    });
  }
  const close = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
    log.end();
    rmSync(folder, { recursive: true, force: true });
  };
  const until = Date.now() + PATIENCE_MS;
  while (!(await listens(client))) {
    if (Date.now() > until || child.exitCode !== null) {
      await close();
      throw new Error(`Kafka did not start: ${text}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return { bootstrap: `127.0.0.1:${client}`, close, [Symbol.asyncDispose]: close };
}

function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  return once(socket, 'connect')
    .then(
      () => true,
      () => false,
    )
    .finally(() => socket.destroy());
}

function properties(folder: string, client: number, controller: number): string {
  return `process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:${controller}
listeners=PLAINTEXT://127.0.0.1:${client},CONTROLLER://127.0.0.1:${controller}
advertised.listeners=PLAINTEXT://127.0.0.1:${client}
controller.listener.names=CONTROLLER
log.dirs=${join(folder, 'data')}
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
`;
}

function jars(): { readonly sha256: string; readonly file: string; readonly url: string }[] {
  return JARS.trim()
    .split('\n')
    .map((line) => {
      const [sha256 = '', path = ''] = line.split('  ');
      return { sha256, file: join(FOLDER, path), url: `${CENTRAL}/${path}` };
    });
}

async function download({ sha256, file, url }: { sha256: string; file: string; url: string }): Promise<void> {
  if (existsSync(file)) return;
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url} could not be downloaded: ${answer.status}`);
  const bytes = Buffer.from(await answer.arrayBuffer());
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== sha256) throw new Error(`${url} has the SHA-256 ${found}. Expected ${sha256}.`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.part`, bytes);
  renameSync(`${file}.part`, file);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
