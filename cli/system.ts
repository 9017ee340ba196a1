import type { Command } from 'commander';
import type { Agent } from '#core/agents/define-agent.ts';
import type { StackOutputs } from './fleet/outputs.ts';
import type { SystemLoad } from './load/system-load.ts';
import type { Output } from './terminal/output.ts';

/** What the command line needs from a system's manifest. It knows no system by name. */
export interface CliSystem {
  /** Names its folder and its stack: `fleet up --systems NAME`. */
  readonly name: string;
  /** Loads its agents. */
  readonly agents: () => Promise<readonly Agent<never>[]>;
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
  /** Settings for a fleet on this machine, unless its caller has others: such as a recipient, whose mails the mailbox gets. */
  readonly localSettings?: Readonly<Record<string, string>>;
  /** Simulations of external services that its functions call. They start before the fleet. */
  readonly standIns?: readonly StandIn[];
}

/** A fleet that is up, as a sample uses it. */
export interface FleetToSample {
  readonly endpoint: string;
  /** Of the system's own stack and of the platform. */
  readonly outputs: StackOutputs;
  readonly output: Output;
  /** Aborts on Ctrl-C. */
  readonly signal: AbortSignal;
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
