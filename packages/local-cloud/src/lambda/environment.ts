import type { EnvironmentSpec, FunctionError, Invocation, Outcome } from './protocol.ts';

/**
 * One execution environment: a place where a function's code is loaded once and handles one event at a time.
 * Worker threads are the implementation here; a sandboxed process can stand behind the same interface.
 */
export interface Environment {
  /** Eight hexadecimal digits: the last part of the log stream's name, and what its log lines begin with. */
  readonly id: string;
  /** Settles when the handler is loaded: undefined, or why it could not be. Never rejects. */
  readonly ready: Promise<FunctionError | undefined>;
  /** Settles when the environment is no more, for whatever reason. Never rejects. */
  readonly gone: Promise<void>;
  /** Runs one event; never rejects. After a `crash` or `timeout` the environment is gone. */
  invoke(invocation: Invocation): Promise<Outcome>;
  /** Tears the environment down; an event that is running ends as a crash. */
  stop(): Promise<void>;
}

/** Starts an environment. `onLog` gets text as it is written, not necessarily whole lines. */
export type StartEnvironment = (spec: EnvironmentSpec, onLog: (text: string) => void) => Environment;
