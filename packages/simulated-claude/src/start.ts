import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { faultsSchema, optionsSchema, type SimulatedClaudeOptions } from './options.ts';
import type { FromWorker, ToWorker } from './protocol.ts';
import type { SimulatedClaudeStats } from './stats.ts';

/** A running simulation of the Claude API. It is not Claude: rules decide its answers. */
export interface SimulatedClaude {
  /** The base URL for the SDK: `new Anthropic({ baseURL: claude.url })`. */
  readonly url: string;
  /** The variables by which the SDKs of Anthropic, Amazon Bedrock and Claude Platform on AWS find it. */
  readonly environment: Readonly<Record<string, string>>;
  /** What it has done since it started: calls, tokens, faults and CPU time. */
  readonly stats: () => Promise<SimulatedClaudeStats>;
  /** Injects other faults from the next call on: `{}` for none. Throws a `ZodError` for what is no fault. */
  readonly setFaults: (faults: NonNullable<SimulatedClaudeOptions['faults']>) => void;
  /** Ends open calls, closes the ledger and stops the thread. */
  readonly close: () => Promise<void>;
}

/** Saves about 80 MB while the thread reads PDFs, for 10 % more CPU. The old space stays unlimited for a 32 MB call. */
const NURSERY = { maxYoungGenerationSizeMb: 16 };

/**
 * Starts the simulated Claude on its own thread, listening on 127.0.0.1.
 * Rejects with a `ZodError` when an option is invalid, and with an `Error` that names the rule module that does not
 * export a rule, or the port that is in use.
 */
export async function startSimulatedClaude(options: SimulatedClaudeOptions): Promise<SimulatedClaude> {
  const workerData = optionsSchema.parse(options);
  // Inherits no flags: a test runner's loader or a debugger's port must not reach this thread.
  const worker = new Worker(new URL('./claude.worker.ts', import.meta.url), {
    name: 'simulated-claude',
    workerData,
    execArgv: [],
    resourceLimits: NURSERY,
  });
  const stopped = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  // `once` rejects if the thread throws before it listens.
  const [first] = (await once(worker, 'message')) as [FromWorker];
  if (first.kind !== 'listening') throw new Error('The simulated Claude did not send its address first.');

  const waiting: ((stats: SimulatedClaudeStats) => void)[] = [];
  worker.on('message', (message: FromWorker) => {
    if (message.kind === 'stats') waiting.shift()?.(message.stats);
  });
  const send = (message: ToWorker) => worker.postMessage(message);
  return {
    url: first.url,
    environment: {
      ANTHROPIC_BASE_URL: first.url,
      ANTHROPIC_BEDROCK_BASE_URL: first.url,
      ANTHROPIC_AWS_BASE_URL: first.url,
    },
    async stats() {
      const answer = new Promise<SimulatedClaudeStats>((resolve) => waiting.push(resolve));
      send({ kind: 'stats' });
      return answer;
    },
    setFaults: (faults) => send({ kind: 'faults', faults: faultsSchema.parse(faults) }),
    async close() {
      send({ kind: 'close' });
      await stopped;
    },
  };
}
