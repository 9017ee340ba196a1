import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { namespaces } from './namespaces.ts';

/** A program of ours that runs untrusted code, and the limits of its process. */
export interface Confinement {
  /** The JavaScript file that the process runs. */
  readonly program: string;
  /** The only folder it can read. */
  readonly folder: string;
  readonly stdin: string;
  /** Milliseconds until the process is killed. */
  readonly timeMs: number;
  /** MiB of WebAssembly memory. */
  readonly memoryMb: number;
  /** Bytes that the process may write to stdout before it is killed. */
  readonly outputBytes: number;
  readonly signal?: AbortSignal | undefined;
  /** Prefix of the command. @default Linux namespaces, where they are permitted */
  readonly prefix?: readonly string[];
}

/** How a confined process ended: on its own, or by one of its limits. */
export type ConfinedEnd =
  | { readonly kind: 'exited'; readonly code: number | null; readonly stdout: string; readonly stderr: string }
  | { readonly kind: 'timeout' | 'too-much-output' | 'aborted' };

/** MiB of JavaScript heap, for the program itself. */
const HEAP_MB = 64;
/** A WebAssembly page is 64 KiB. The interpreter itself needs a few MiB. */
const PAGES_A_MIB = 16;
const INTERPRETER_MIB = 32;
/** Characters of stderr that are kept. */
const STDERR_CHARS = 4_000;

/**
 * Runs a program in a separate process, without environment variables, and with pipes instead of Node's message channel.
 * Node's permission model allows it only to read one folder: no writes, processes, threads, native code, WASI or
 * inspector. In Node 24 it does not cover the network, signals, and links inside the folder. Namespaces cover the first
 * two where they are permitted. Never rejects.
 */
export function runConfined(confinement: Confinement): Promise<ConfinedEnd> {
  const { promise, resolve } = Promise.withResolvers<ConfinedEnd>();
  const child = start(confinement);
  let out = '';
  let complaint = '';
  let limit: 'timeout' | 'too-much-output' | 'aborted' | undefined;
  const stop = (reason: NonNullable<typeof limit>): void => {
    limit ??= reason;
    kill(child);
  };
  const timer = setTimeout(() => stop('timeout'), confinement.timeMs);
  const abort = (): void => stop('aborted');
  confinement.signal?.addEventListener('abort', abort, { once: true });
  if (confinement.signal?.aborted === true) abort();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (limit !== undefined) return;
    out += text;
    if (Buffer.byteLength(out) > confinement.outputBytes) stop('too-much-output');
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (complaint.length < STDERR_CHARS) complaint += text;
  });
  // A process that died cannot read its stdin. Its exit reports the problem.
  child.stdin.on('error', () => undefined).end(confinement.stdin);
  const end = (code: number | null): void => {
    clearTimeout(timer);
    confinement.signal?.removeEventListener('abort', abort);
    resolve(limit === undefined ? { kind: 'exited', code, stdout: out, stderr: complaint } : { kind: limit });
  };
  child.once('error', (error) => {
    complaint = error.message;
    end(null);
  });
  child.once('close', end);
  return promise;
}

function start({ program, folder, memoryMb, prefix = namespaces() }: Confinement) {
  const command = [
    ...prefix,
    process.execPath,
    '--permission',
    `--allow-fs-read=${folder}`,
    '--disallow-code-generation-from-strings',
    `--max-old-space-size=${HEAP_MB}`,
    `--wasm-max-mem-pages=${(memoryMb + INTERPRETER_MIB) * PAGES_A_MIB}`,
    program,
  ];
  const [file = process.execPath, ...args] = command;
  // It has its own process group, so that a signal to the group reaches no other process.
  return spawn(file, args, { env: {}, cwd: folder, stdio: ['pipe', 'pipe', 'pipe'], detached: true });
}

function kill(child: ChildProcessByStdio<Writable, Readable, Readable>): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // The process has already exited.
  }
}
