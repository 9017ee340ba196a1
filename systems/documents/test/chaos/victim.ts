import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { connectDocuments, type DocumentsConnection } from '../../cli/connection.ts';

const readySchema = z.object({ endpoint: z.url(), outputs: z.record(z.string(), z.record(z.string(), z.string())) });

export interface VictimOptions {
  readonly dataDir: string;
  readonly agents: number;
  readonly latencyMs: number;
}

/** A fleet that can be started, killed with its whole process tree, and restarted on the same data folder. */
export class Victim {
  readonly #options: VictimOptions;
  #child: ChildProcess | undefined;
  #ended: Promise<unknown> = Promise.resolve();

  constructor(options: VictimOptions) {
    this.#options = options;
  }

  /** Starts the fleet. `ready` resolves with a connection, or with null if the fleet died before it was ready. */
  start(): { readonly ready: Promise<DocumentsConnection | null> } {
    const { dataDir, agents, latencyMs } = this.#options;
    mkdirSync(dataDir, { recursive: true });
    const script = fileURLToPath(new URL('fleet-process.ts', import.meta.url));
    // Its own process group, so that one kill ends everything it started.
    const child = spawn(process.execPath, [script, dataDir, String(agents), String(latencyMs)], {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stderr.pipe(createWriteStream(join(dataDir, 'fleet.log'), { flags: 'a' }));
    this.#child = child;
    this.#ended = once(child, 'exit');
    const first = Promise.race([once(createInterface(child.stdout), 'line'), this.#ended.then(() => [null])]);
    const ready = first.then(([line]: unknown[]) => {
      if (typeof line !== 'string') return null;
      return connectDocuments(readySchema.parse(JSON.parse(line)));
    });
    return { ready };
  }

  get running(): boolean {
    return this.#child?.exitCode === null && this.#child.signalCode === null;
  }

  /** Kills all workers of the running fleet, but nothing else. */
  crashWorkers(): void {
    this.#child?.kill('SIGUSR2');
  }

  /** Sends the signal to the tree and waits until it has exited. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const pid = this.#child?.pid;
    if (pid === undefined || !this.running) return;
    process.kill(signal === 'SIGKILL' ? -pid : pid, signal);
    await this.#ended;
  }
}
