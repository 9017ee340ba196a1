import type { Agent } from '#core/agents/define-agent.ts';
import type { CliSystem } from '#cli/system.ts';
import type { StackSystem } from '#lib/system.ts';

/**
 * A system: what the CDK app, the command line and the local fleet need to know of it, in one place. `bin/systems.ts`
 * lists all systems. Parts that are heavy to load, such as the stack and the agents, are loaded when they are needed.
 */
export interface System extends StackSystem, CliSystem {
  /** What it does, in a sentence. */
  readonly description: string;
  /** Loads its agents, each with its versions that tasks may still finish on. */
  readonly agents: () => Promise<readonly Agent<never>[]>;
  /** HTTP routes that it serves next to the task API, such as webhooks: method, path and how callers are authenticated. */
  readonly routes?: readonly SystemRoute[];
}

export interface SystemRoute {
  /** Method and path: `POST /support/messages`. */
  readonly route: string;
  readonly description: string;
}

/** Checks a manifest's type where it is written. */
export const defineSystem = (system: System): System => system;
