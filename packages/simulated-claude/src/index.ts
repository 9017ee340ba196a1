import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { optionsSchema, type SimulatedClaudeOptions } from './options.ts';
export type { SimulatedClaudeOptions } from './options.ts';
import type { FromWorker, ToWorker } from './protocol.ts';
import type { SimulatedClaudeStats } from './stats.ts';

/** A running simulation of the Claude API. It is not Claude: it answers by the rules it was given. */
export interface SimulatedClaude {
  /** For `new Anthropic({ baseURL })`. */
  readonly url: string;
  readonly stats: () => Promise<SimulatedClaudeStats>;
  /** Ends open calls, closes the ledger and stops the thread. */
  readonly close: () => Promise<void>;
}

/**
 * The path of the rule for agents that have none: it calls each tool once and fills in the output's schema. It matches
 * every request, so list it last.
 */
export const IMPROVISE_RULE = fileURLToPath(new URL('./improvise.rule.ts', import.meta.url));

const NURSERY = { maxYoungGenerationSizeMb: 16 };

/**
 * Starts the simulated Claude on a thread of its own, listening on 127.0.0.1.
 * Rejects with a `ZodError` for a wrong option, and with an `Error` that names a rule module which is none, or a port in use.
 */
export async function startSimulatedClaude(options: SimulatedClaudeOptions): Promise<SimulatedClaude> {
  const workerData = optionsSchema.parse(options);
  // No flags are inherited: a test runner's loader or a debugger's port is not for this thread. A small nursery keeps
  // the thread some 80 MB smaller while it reads PDFs, for a tenth more CPU; the old space stays open for a 32 MB call.
  const worker = new Worker(new URL('./claude.worker.ts', import.meta.url), {
    name: 'simulated-claude',
    workerData,
    execArgv: [],
    resourceLimits: NURSERY,
  });
  const stopped = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  // `once` rejects if the thread throws before it listens.
  const [first] = (await once(worker, 'message')) as [FromWorker];
  if (first.kind !== 'listening') throw new Error('the simulated Claude did not begin with its address');

  const waiting: ((stats: SimulatedClaudeStats) => void)[] = [];
  worker.on('message', (message: FromWorker) => {
    if (message.kind === 'stats') waiting.shift()?.(message.stats);
  });
  const tell = (message: ToWorker) => worker.postMessage(message);
  return {
    url: first.url,
    async stats() {
      const answer = new Promise<SimulatedClaudeStats>((resolve) => waiting.push(resolve));
      tell({ kind: 'stats' });
      return answer;
    },
    async close() {
      tell({ kind: 'close' });
      await stopped;
    },
  };
}
