import type { EnvironmentSpec, FunctionError, Invocation, Outcome } from './protocol.ts';

/**
 * An execution environment: it loads the code of a function once and handles one event at a time. It is implemented with
 * worker threads. A sandboxed process could implement the same interface.
 */
export interface Environment {
  /** Eight hexadecimal digits: the last part of the log stream name, and the start of its log lines. */
  readonly id: string;
  /** Resolves with undefined when the handler is loaded, or with the error. Never rejects. */
  readonly ready: Promise<FunctionError | undefined>;
  /** Resolves when the environment has ended for any reason. Never rejects. */
  readonly gone: Promise<void>;
  /** Runs one event. Never rejects. A `crash` or `timeout` ends the environment. */
  invoke(invocation: Invocation): Promise<Outcome>;
  /** Stops the environment. A running event ends as a crash. */
  stop(): Promise<void>;
}

/** Starts an environment. `onLog` receives text as it is written, not necessarily whole lines. */
export type StartEnvironment = (spec: EnvironmentSpec, onLog: (text: string) => void) => Environment;
