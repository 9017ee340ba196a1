import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ApiPlace } from '../../fleet/outputs.ts';
import { UserError } from '../../user-error.ts';
import { ensureGlobalFolder } from '../paths.ts';
import type { RegionOutputs } from '../object-copies.ts';
import type { FromRegion, RegionSpec, ToRegion } from './messages.ts';

/** A region whose cloud is up. */
export interface RegionProcess {
  readonly pid: number;
  readonly api: ApiPlace;
  readonly outputs: RegionOutputs;
  /** Resolves when the process has ended, for whatever reason. */
  readonly ended: Promise<void>;
  /** Ends it as kill -9 does: nothing is written or passed on. */
  kill(): Promise<void>;
  /** Lets running work end, and then the process. */
  close(): Promise<void>;
}

export interface StartRegion {
  readonly spec: RegionSpec;
  /** Called with what it does at the moment. */
  readonly about: (text: string) => void;
  /** The module of the process. @default the one that runs a local cloud */
  readonly module?: string;
  /** Ends the process while it starts, as kill -9 does. @default it may start */
  readonly signal?: AbortSignal | undefined;
}

const MODULE = join(import.meta.dirname, 'region.process.ts');
/**
 * Each environment of a function has a heap of its own in the process. Small young generations save some MB of each, and code
 * that is optimized for its size a quarter of what all three regions take.
 */
const SMALL = ['--max-semi-space-size=1', '--optimize-for-size'];
/** Threads of glibc have memory of their own to hand out, and fill little of it: 3 to 5 MB an environment. */
const MALLOC_ARENA_MAX = '1';
/** A process that is asked to close and does not is killed after this long. */
const CLOSE_MS = 20_000;

/** Starts a region in a process of its own. Rejects with a `UserError` if its cloud does not start. */
export async function startRegion({ spec, about, module = MODULE, signal }: StartRegion): Promise<RegionProcess> {
  signal?.throwIfAborted();
  const env = { ...process.env, MALLOC_ARENA_MAX };
  const child = fork(module, { execArgv: SMALL, env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  const log = createWriteStream(join(ensureGlobalFolder(spec.dataDir), 'region.log'), { flags: 'a', mode: 0o600 });
  child.stdout?.pipe(log, { end: false });
  child.stderr?.pipe(log, { end: false });
  const ended = once(child, 'exit').then(() => void log.end());
  const stop = (): void => void child.kill('SIGKILL');
  signal?.addEventListener('abort', stop);
  send(child, { kind: 'start', spec });
  const { api, outputs } = await firstWord(child, spec, about).finally(() =>
    signal?.removeEventListener('abort', stop),
  );
  return {
    pid: child.pid ?? 0,
    api,
    outputs,
    ended,
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
    async close() {
      send(child, { kind: 'close' });
      const limit = new AbortController();
      const overdue = delay(CLOSE_MS, undefined, { signal: limit.signal, ref: false }).then(
        () => child.kill('SIGKILL'),
        () => undefined,
      );
      await ended;
      limit.abort();
      await overdue;
    },
  };
}

function send(child: ChildProcess, message: ToRegion): void {
  // It may have ended meanwhile, which `ended` tells.
  if (child.connected) child.send(message, () => undefined);
}

type IsUp = Pick<RegionProcess, 'api' | 'outputs'>;

/** Waits until the region is up. */
function firstWord(child: ChildProcess, spec: RegionSpec, about: (text: string) => void): Promise<IsUp> {
  return new Promise((resolve, reject) => {
    child.on('message', (message: FromRegion) => {
      if (message.kind === 'about') about(message.text);
      else if (message.kind === 'up') resolve(message);
      else reject(new UserError(`Region ${spec.name} cannot start: ${message.message}`, message.remedy));
    });
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      const how = signal ?? `code ${code}`;
      const remedy = `See ${join(spec.dataDir, 'region.log')}, and start it again.`;
      reject(new UserError(`Region ${spec.name} ended before it was up (${how}).`, remedy));
    });
  });
}
