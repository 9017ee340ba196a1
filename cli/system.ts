import type { Command } from 'commander';
import type { RunningFleet } from './fleet/registry.ts';
import type { LoadOptions } from './load/options.ts';
import type { Work } from './load/work.ts';
import type { Output } from './terminal/output.ts';

/** What the command line needs from a system's manifest. It knows no system by name. */
export interface CliSystem {
  /** Names its folder and its stack: `fleet up --systems NAME`. */
  readonly name: string;
  /** Loads its agents. */
  readonly agents: () => Promise<readonly { readonly name: string }[]>;
  /** Module paths of the rules by which the simulated Claude answers for its agents; the first that matches does. */
  readonly claudeRules: readonly string[];
  /**
   * Adds its commands. A command imports what it needs when it runs: the local cloud takes its time to load.
   * @param systems all systems, for a command that boots a fleet
   */
  readonly commands?: (fleet: Command, systems: readonly CliSystem[]) => void;
  /** What `fleet up` runs at the first start, with the simulated model only. */
  readonly sample?: (fleet: FleetToSample) => Promise<void>;
  /** Lines that `fleet up` prints when the fleet is up: label and text. */
  readonly hints?: (outputs: StackOutputs) => Readonly<Record<string, string>>;
  /** What `fleet load` sends to its agent when no instruction or input is given. */
  readonly load?: SystemLoad;
  /** Simulations of external services that its functions call. They start before the fleet. */
  readonly standIns?: readonly StandIn[];
}

/** The CloudFormation outputs of one stack. */
export type StackOutputs = Readonly<Record<string, string>>;

/** A fleet that is up, as a sample uses it. */
export interface FleetToSample {
  readonly endpoint: string;
  /** Of the system's own stack and of the platform. */
  readonly outputs: StackOutputs;
  readonly output: Output;
  /** Aborts on Ctrl-C. */
  readonly signal: AbortSignal;
}

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

/** A simulation of an external service, on this machine. */
export interface StandIn {
  readonly name: string;
  /** @param dataDir a folder of its own, which exists */
  start(dataDir: string): Promise<StartedStandIn>;
}

export interface StartedStandIn {
  /** Variables for every function of the fleet, such as the URL that it calls instead of the real service. */
  readonly environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}
