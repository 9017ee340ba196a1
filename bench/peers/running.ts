import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Order, Report } from './job.ts';
import type { Program, Programs } from './peer.ts';
import { pidsOf } from './processes.ts';

/** A start that takes longer has failed. */
const START_MS = 120_000;

/** The processes of a peer while it is measured. */
export class RunningPeer {
  readonly #programs: Programs;
  readonly #dir: string;
  #servers: readonly ChildProcess[] = [];
  #workers: readonly ChildProcess[] = [];
  #client: ChildProcess | null = null;
  #lines: AsyncIterator<string> | null = null;
  /** An interrupted benchmark leaves no servers behind. */
  readonly #onExit = (): void => signal(this.#children);

  /** @param dir gets the output of the processes, in `NAME.log` */
  private constructor(programs: Programs, dir: string) {
    this.#programs = programs;
    this.#dir = dir;
    process.once('exit', this.#onExit);
  }

  /** Starts servers, then workers, then the client. */
  static async start(programs: Programs, dir: string): Promise<RunningPeer> {
    const peer = new RunningPeer(programs, dir);
    try {
      for (const [index, server] of programs.servers.entries())
        peer.#servers = [...peer.#servers, await peer.#start(server, `server-${index}`)];
      // One after the other: the first may create the schema of a database.
      for (const [index, worker] of programs.workers.entries())
        peer.#workers = [...peer.#workers, await peer.#start(worker, `worker-${index}`)];
      await programs.connect?.();
      await peer.#startClient();
      return peer;
    } catch (error) {
      await peer.stop();
      throw error;
    }
  }

  /** The processes whose time and memory count: all but the model. */
  get roots(): readonly number[] {
    return this.#children.flatMap(({ pid }) => pid ?? []);
  }

  get #children(): readonly ChildProcess[] {
    return [...(this.#client === null ? [] : [this.#client]), ...this.#workers, ...this.#servers];
  }

  /** Has the client work on an order. */
  async work(order: Order): Promise<Report> {
    this.#client?.stdin?.write(`${JSON.stringify(order)}\n`);
    const line = await this.#lines?.next();
    if (line?.done !== false) throw new Error(`The client ended; see ${join(this.#dir, 'client.log')}.`);
    return JSON.parse(line.value) as Report;
  }

  /** Starts the killed workers again, all at once. */
  async restartWorkers(): Promise<void> {
    const { workers } = this.#programs;
    this.#workers = await Promise.all(workers.map((worker, index) => this.#start(worker, `worker-${index}`)));
  }

  /** Sends SIGKILL to all workers and their descendants at once. */
  async killWorkers(): Promise<void> {
    await kill(this.#workers);
    this.#workers = [];
  }

  async stop(): Promise<void> {
    await kill(this.#children);
    process.off('exit', this.#onExit);
    this.#programs.remove?.();
  }

  async #startClient(): Promise<void> {
    const { child, lines } = this.#spawn(this.#programs.client, 'client');
    this.#client = child;
    this.#lines = lines[Symbol.asyncIterator]();
    const first = await this.#lines.next();
    if (first.value !== 'ready') throw new Error(`The client did not start; see ${join(this.#dir, 'client.log')}.`);
  }

  async #start(program: Program, name: string): Promise<ChildProcess> {
    const { child, lines } = this.#spawn(program, name);
    const limit = AbortSignal.timeout(START_MS);
    await new Promise<void>((resolve, reject) => {
      const failed = (): void => reject(new Error(`${name} did not start; see ${join(this.#dir, `${name}.log`)}.`));
      lines.on('line', (line) => program.ready.test(line) && resolve());
      child.once('exit', failed).once('error', failed);
      limit.addEventListener('abort', failed);
    });
    return child;
  }

  /** Both streams are kept in the log; a client's standard output is its answers. */
  #spawn({ command, args, env = {}, user }: Program, name: string) {
    const log = createWriteStream(join(this.#dir, `${name}.log`), { flags: 'a' });
    const child = spawn(command, args, { cwd: this.#dir, env: { ...process.env, ...env }, ...user });
    child.once('error', (error) => log.write(`${String(error)}\n`));
    child.stdin.on('error', () => undefined);
    child.stderr.pipe(log, { end: false });
    if (name !== 'client') child.stdout.pipe(log, { end: false });
    const lines = createInterface({ input: child.stdout });
    // Some servers write their log to the one stream, some to the other.
    if (name !== 'client') createInterface({ input: child.stderr }).on('line', (line) => lines.emit('line', line));
    return { child, lines };
  }
}

const isRunning = ({ exitCode, signalCode, pid }: ChildProcess): boolean =>
  exitCode === null && signalCode === null && pid !== undefined;

async function kill(children: readonly ChildProcess[]): Promise<void> {
  const ended = children.filter(isRunning).map((child) => once(child, 'exit'));
  signal(children);
  await Promise.all(ended);
}

/** Sends SIGKILL to the processes and all their descendants. */
function signal(children: readonly ChildProcess[]): void {
  for (const pid of pidsOf(children.filter(isRunning).flatMap(({ pid }) => pid ?? []))) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has just ended.
    }
  }
}
