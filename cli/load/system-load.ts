import type { RunningFleet } from '../fleet/registry.ts';
import type { LoadOptions } from './options.ts';
import type { ListedTask } from './tally.ts';

/** A load test's work for one agent, with the judge of what came of it. */
export interface SystemLoad {
  /** The agent that it is for. */
  readonly agent: string;
  /** What its tasks are, for the help of `--instruction`. */
  readonly description: string;
  /** Options of `fleet load` that only this work uses. */
  readonly options?: readonly { readonly flags: string; readonly description: string }[];
  /** When `fleet load` also exits with 1, for its help. */
  readonly failsWhen?: string;
  work(request: LoadRequest): Promise<Work>;
}

export interface LoadRequest {
  /** Begins the ids of all that the load test makes. */
  readonly id: string;
  readonly options: LoadOptions;
  /** The options as given, for those of `options` above. */
  readonly raw: unknown;
  /** The maximum number of tasks. */
  readonly tasks: number;
  /** The fleet on this machine if it is the one under load. */
  readonly running: RunningFleet | null;
}

/** The tasks of a load test. */
export interface Work {
  /** Returns the nth task's part of its request body; undefined when there are no more. */
  of(nth: number): Readonly<Record<string, unknown>> | undefined;
  /** Judges the ended tasks, by their number; absent where nothing is known of them. */
  judge?(ended: ReadonlyMap<string, ListedTask>): Promise<Verdict>;
  close(): void;
}

/** What a system's judge says of a load test. */
export interface Verdict {
  /** Added to the JSON report. */
  readonly report: Readonly<Record<string, unknown>>;
  /** Label and text, for a person. */
  readonly facts: Readonly<Record<string, string>>;
  /** What must not be, one phrase each; empty when all is well. */
  readonly violations: readonly string[];
}
