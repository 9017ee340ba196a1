import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { delimiter, dirname, join } from 'node:path';
import { EMULATED, type Cloud } from '../cloud.ts';
import { killGroup } from '../process.ts';

export interface MiniStackOptions {
  /** Folder of MiniStack's programs. */
  readonly programs: string;
  /** Folder for all its data. Must exist. */
  readonly folder: string;
  /** Whether it checks calls against the policies of their callers. If so, it uses TLS. @default false */
  readonly permissions?: boolean;
  readonly signal: AbortSignal;
}

export interface MiniStack extends Cloud {
  /** `http://127.0.0.1:<port>`, or https with `permissions`. */
  readonly endpoint: string;
  /** Path of its log, which includes the output of its functions. */
  readonly log: string;
  close(): Promise<void>;
}

/** Time limit for the start, in milliseconds. It usually takes about one second. */
const PATIENCE = 30_000;

/** Starts MiniStack on a free local port. Rejects with its output if it does not start. */
export async function startMiniStack(options: MiniStackOptions): Promise<MiniStack> {
  const { programs, folder, permissions = false, signal } = options;
  const port = await freePort();
  const temporary = join(folder, 'tmp');
  mkdirSync(temporary, { recursive: true });
  // MiniStack runs CommonJS files from here, but this project's package.json, in a parent folder, declares ES modules.
  writeFileSync(join(temporary, 'package.json'), '{}');
  const log = join(folder, 'ministack.log');
  // Nothing else of this environment, because functions would see it, including keys.
  const env = {
    // Its functions run on the first Node.js in the PATH.
    PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter),
    HOME: folder,
    TMPDIR: temporary,
    STATE_DIR: join(folder, 'state'),
    S3_DATA_DIR: join(folder, 's3'),
    BIND_HOST: '127.0.0.1',
    GATEWAY_PORT: String(port),
    // Retries of a state do not wait.
    SFN_WAIT_SCALE: '0',
    ...(permissions && { AUTH: 'true', USE_SSL: '1' }),
  };
  signal.throwIfAborted();
  const child = spawn(join(programs, 'ministack'), [], { cwd: folder, env, detached: true, stdio: 'pipe' });
  const ended = once(child, 'close');
  const close = async (): Promise<void> => {
    killGroup(child.pid, 'SIGTERM');
    const late = setTimeout(() => killGroup(child.pid, 'SIGKILL'), 5_000);
    await ended;
    clearTimeout(late);
    // The processes of its functions can outlive it.
    killGroup(child.pid, 'SIGKILL');
  };
  try {
    await listening(child, port, log, AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]));
  } catch (error) {
    await close();
    throw error;
  }
  return {
    ...EMULATED,
    endpoint: `${permissions ? 'https' : 'http'}://127.0.0.1:${port}`,
    certificate: permissions ? join(temporary, 'ministack-tls', 'server.crt') : undefined,
    log,
    close,
  };
}

function listening(child: ReturnType<typeof spawn>, port: number, log: string, signal: AbortSignal): Promise<void> {
  const file = createWriteStream(log);
  return new Promise((resolve, reject) => {
    let output = '';
    const hear = (chunk: Buffer) => {
      file.write(chunk);
      if (output.length > 100_000) return;
      output += chunk.toString();
      if (new RegExp(`Running on https?://127\\.0\\.0\\.1:${port}\\b`).test(output)) resolve();
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    child.once('error', reject);
    child.once('close', (code) => {
      file.end();
      reject(new Error(`MiniStack ended (${code}) before it listened:\n${output.trim().slice(-2_000)}`));
    });
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
